import { createHash } from 'node:crypto';
import { CodedError } from '#libs/domain';
import type { Catalogue } from './catalogue.ts';
import type { ResourceTypeEntry } from './resource-type.ts';
import { ENVELOPE_DATA, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './schema-json.ts';
import { fullNameOf } from './shared-types.ts';

/** What a sample event is about. */
export interface SampleOptions {
  readonly id: string;
  readonly customerId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

interface Context extends SampleOptions {
  /** The event's name without the resource type: `hangup` in `call_hangup`. */
  readonly action: string;
  readonly records: Map<string, JsonObject>;
}

/** Times that are set only once something has happened, and the actions after which it has. */
const LATE_TIMES = new Map([
  ['tm_delete', /deleted$/],
  ['tm_end', /(ended|finished|deleted|terminated|done)$/],
  ['tm_hangup', /(hangup|deleted)$/],
]);
const NUMBERS = new Set(['int', 'long', 'float', 'double']);
const AFTER_THE_END = /^hangup_/;

/**
 * A realistic event of the catalogue, as JSON: the same for the same options.
 * @throws CodedError `UNKNOWN_EVENT_TYPE`
 */
export function sampleEvent(catalogue: Catalogue, eventType: string, options: SampleOptions): JsonObject {
  const entry = catalogue.resourceTypes.get(catalogue.eventType(eventType)?.resourceType ?? '');
  if (!entry) throw new CodedError('UNKNOWN_EVENT_TYPE', `the catalogue has no event type "${eventType}"`);
  const { resourceType } = entry;
  const action = eventType.startsWith(resourceType) ? eventType.slice(resourceType.length + 1) : eventType;
  const context: Context = { ...options, action: action.replace(/^status_/, ''), records: new Map() };
  return {
    id: options.id,
    type: eventType,
    resource_type: resourceType,
    customer_id: options.customerId,
    tm_create: timestamp(options.now),
    data: sampleOf(dataType(entry), {}, ENVELOPE_DATA, context),
  };
}

function dataType({ schema }: ResourceTypeEntry): JsonValue | undefined {
  const fields = isJsonArray(schema['fields']) ? schema['fields'].filter(isJsonObject) : [];
  return fields.find(({ name }) => name === ENVELOPE_DATA)?.['type'];
}

function sampleOf(type: JsonValue | undefined, field: JsonObject, path: string, context: Context): JsonValue {
  if (isJsonArray(type)) {
    return sampleOf(
      type.find((branch) => branch !== 'null'),
      field,
      path,
      context,
    );
  }
  if (isJsonObject(type)) {
    if (type['type'] === 'record') return recordSample(type, path, context);
    if (type['type'] === 'array') return [sampleOf(type['items'], field, `${path}[0]`, context)];
    return {};
  }
  const record = typeof type === 'string' ? context.records.get(type) : undefined;
  return record ? recordSample(record, path, context) : scalarSample(type, field, path, context);
}

function recordSample(record: JsonObject, path: string, context: Context): JsonObject {
  context.records.set(fullNameOf(record, ''), record);
  const fields = isJsonArray(record['fields']) ? record['fields'].filter(isJsonObject) : [];
  const sample: Record<string, JsonValue> = {};
  for (const field of fields) {
    const name = nameOf(field);
    if (hasNotHappened(name, context) || isFreeForm(field['type'])) {
      if (field['whenNull'] !== 'omit') sample[name] = field['default'] ?? null;
      continue;
    }
    sample[name] = sampleOf(field['type'], field, `${path}.${name}`, context);
  }
  return sample;
}

function hasNotHappened(name: string, { action }: Context): boolean {
  const happens = LATE_TIMES.get(name);
  if (happens) return !happens.test(action);
  return AFTER_THE_END.test(name) && action !== 'hangup';
}

function isFreeForm(type: JsonValue | undefined): boolean {
  if (!isJsonArray(type)) return false;
  return type.some((branch) => isJsonObject(branch) && branch['type'] === 'map');
}

function scalarSample(type: JsonValue | undefined, field: JsonObject, path: string, context: Context): JsonValue {
  const { example, values, format, name } = field;
  if (name === 'status' && isJsonArray(values) && values.includes(context.action)) return context.action;
  if (example !== undefined) return example;
  if (isJsonArray(values)) return values.find((value) => value !== '' && value !== 0) ?? '';
  if (format === 'uuid') return name === 'customer_id' ? context.customerId : uuidFor(`${context.id}/${path}`);
  if (format === 'date-time') return timestamp(context.now);
  if (type === 'boolean') return false;
  if (typeof type === 'string' && NUMBERS.has(type)) return 1;
  return `sample ${nameOf(field).replaceAll('_', ' ')}`;
}

function nameOf({ name }: JsonObject): string {
  return typeof name === 'string' ? name : '';
}

/** RFC 3339 in UTC with microseconds, as VoIPBIN writes it. */
function timestamp(now: number): string {
  return new Date(now).toISOString().replace('Z', '000Z');
}

/** A UUID (version 8, RFC 9562 section 5.8) that is always the same for the same name. */
function uuidFor(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
