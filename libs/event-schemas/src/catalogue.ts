import { nearest } from './nearest.ts';
import { type EventTypeEntry, type ResourceTypeEntry, resourceTypeOf } from './resource-type.ts';
import { SchemaFileError } from './schema-error.ts';
import { readSchemaFolder } from './schema-folder.ts';

const EVERYTHING = '*';
const FAMILY_SUFFIX = '_*';

/**
 * Every resource type and event type that the schemas folder describes. Events of other types are delivered too:
 * the catalogue serves validation, registration, samples and the groups of selectors.
 */
export class Catalogue {
  readonly resourceTypes: ReadonlyMap<string, ResourceTypeEntry>;
  readonly eventTypes: ReadonlyMap<string, EventTypeEntry>;
  /** The rows of the public event table, sorted. */
  readonly groups: readonly string[];
  private readonly families: ReadonlySet<string>;

  constructor(entries: Iterable<ResourceTypeEntry>) {
    const resourceTypes = new Map<string, ResourceTypeEntry>();
    const eventTypes = new Map<string, EventTypeEntry>();
    const groups = new Set<string>();
    for (const entry of entries) {
      resourceTypes.set(entry.resourceType, entry);
      if (entry.group !== undefined) groups.add(entry.group);
      for (const eventType of entry.eventTypes) eventTypes.set(eventType.type, eventType);
    }
    this.resourceTypes = resourceTypes;
    this.eventTypes = eventTypes;
    this.groups = [...groups].toSorted();
    this.families = new Set([...resourceTypes.keys(), ...groups]);
  }

  /** The event type of that exact name. */
  eventType(name: string): EventTypeEntry | undefined {
    return this.eventTypes.get(name);
  }

  /** The group of a resource type; undefined when it has none or is unknown. Bound, so that it can be handed on as a function. */
  readonly groupOf = (resourceType: string): string | undefined => this.resourceTypes.get(resourceType)?.group;

  /** Whether `selector` is an event type, `*`, or `<name>_*` with the name of a resource type or a group. */
  knowsSelector(selector: string): boolean {
    if (selector === EVERYTHING || this.eventTypes.has(selector)) return true;
    return selector.endsWith(FAMILY_SUFFIX) && this.families.has(selector.slice(0, -FAMILY_SUFFIX.length));
  }

  /** At most three known selectors that `selector` may have been meant to be, nearest first. */
  suggestions(selector: string): readonly string[] {
    const known = [...this.eventTypes.keys(), ...[...this.families].map((name) => name + FAMILY_SUFFIX)];
    return nearest(selector, known);
  }
}

/**
 * Reads the catalogue from a folder of Avro schemas.
 * @throws SchemaFileError naming the file that cannot be used and what is wrong with it
 */
export function loadCatalogue(folder: string): Catalogue {
  const resourceFiles = new Map<string, string>();
  const eventFiles = new Map<string, string>();
  const subjects = new Map<string, string>();
  const entries: ResourceTypeEntry[] = [];
  for (const schemaFile of readSchemaFolder(folder)) {
    const { file } = schemaFile;
    const entry = resourceTypeOf(schemaFile);
    claim(resourceFiles, entry.resourceType, file, 'resource type');
    claim(subjects, entry.subject, file, 'record');
    for (const { type } of entry.eventTypes) claim(eventFiles, type, file, 'event type');
    entries.push(entry);
  }
  return new Catalogue(entries);
}

function claim(owners: Map<string, string>, name: string, file: string, kind: string): void {
  const owner = owners.get(name);
  if (owner === file) throw new SchemaFileError(file, `lists the ${kind} "${name}" twice`);
  if (owner !== undefined) throw new SchemaFileError(file, `the ${kind} "${name}" is already defined by ${owner}`);
  owners.set(name, file);
}
