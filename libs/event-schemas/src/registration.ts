import { CodedError, messageOf } from '#libs/domain';
import type { Catalogue } from './catalogue.ts';
import type { RegistryAddress } from './registry-address.ts';
import { type RegistryAnswer, registryRequest } from './registry-request.ts';
import type { ResourceTypeEntry } from './resource-type.ts';
import { isJsonObject, type JsonObject } from './schema-json.ts';

/** The registry is away, or refuses a schema. `code` says which: `SCHEMA_REGISTRY_UNAVAILABLE` or `SCHEMA_REFUSED`. */
export class RegistrationError extends CodedError {}

/** The schema id of one resource type. */
export interface RegisteredSchema {
  readonly resourceType: string;
  readonly subject: string;
  readonly id: number;
}

export interface Registration {
  readonly schemas: readonly RegisteredSchema[];
  readonly milliseconds: number;
}

const REMEDIES: Readonly<Record<Compatibility, string>> = {
  FORWARD: '; remove no field and change no type, or give the record another name',
  FULL: '; change no type, add and remove only fields that have a default, or give the record another name',
};
const CONCURRENCY = 8;
const ATTEMPTS = 4;
const PAUSE_MS = 100;
const REQUEST_LIMIT_MS = 5_000;

/** What a subject's next version has to be readable with: FORWARD, by the readers there are; FULL, also the other way round. */
export type Compatibility = 'FORWARD' | 'FULL';
/** Confluent's code for a schema that breaks the subject's compatibility. */
const INCOMPATIBLE = 409;
const SERVER_ERROR = 500;

/**
 * Registers every schema of the catalogue under its record name. A schema that is registered already keeps its id,
 * whatever newer versions a producer has put on the same subject. Several processes may do it at once.
 * @throws RegistrationError when the registry is away or refuses a schema
 */
export async function registerAll(
  catalogue: Catalogue,
  registry: RegistryAddress,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Registration> {
  const started = performance.now();
  const entries = [...catalogue.resourceTypes.values()];
  const waiting = entries.values();
  const schemas: RegisteredSchema[] = [];
  const work = async (): Promise<void> => {
    for (const entry of waiting) {
      schemas.push(await register(entry, registry));
      onProgress(schemas.length, entries.length);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return { schemas, milliseconds: Math.round(performance.now() - started) };
}

/**
 * Registers one resource type's schema, or finds its id when it is registered already. A producer may add any field: its events stay
 * readable with our schema.
 * @throws RegistrationError when the registry is away or refuses the schema
 */
export async function register(entry: ResourceTypeEntry, registry: RegistryAddress): Promise<RegisteredSchema> {
  const { resourceType, subject, schema } = entry;
  return { resourceType, subject, id: await registerSchema({ subject, schema, compatibility: 'FORWARD' }, registry) };
}

/**
 * Registers a schema under a subject, or finds its id when it is registered already.
 * @throws RegistrationError when the registry is away or refuses the schema
 */
export async function registerSchema(
  given: { readonly subject: string; readonly schema: JsonObject; readonly compatibility: Compatibility },
  registry: RegistryAddress,
): Promise<number> {
  const { subject, compatibility } = given;
  const encodedSubject = encodeURIComponent(subject);
  const json = { schema: JSON.stringify(given.schema) };
  const known = await insist(registry, 'POST', `/subjects/${encodedSubject}`, json, subject);
  const knownId = idIn(known);
  if (knownId !== undefined) return knownId;
  await insist(registry, 'PUT', `/config/${encodedSubject}`, { compatibility }, subject);
  const answer = await insist(registry, 'POST', `/subjects/${encodedSubject}/versions`, json, subject);
  const id = idIn(answer);
  if (id !== undefined) return id;
  const remedy =
    answer.status === INCOMPATIBLE
      ? REMEDIES[compatibility]
      : `; check that ${registry.base} is a registry with Confluent's API and may be written to`;
  throw new RegistrationError(
    'SCHEMA_REFUSED',
    `the schema registry refused "${subject}": ${problemIn(answer)}${remedy}`,
  );
}

/** Repeats what meets a conflict with another process that registers at the same time, or a registry that stumbles. */
async function insist(
  registry: RegistryAddress,
  method: 'POST' | 'PUT',
  path: string,
  json: JsonObject,
  subject: string,
): Promise<RegistryAnswer> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt === ATTEMPTS;
    try {
      const answer = await registryRequest(registry, method, path, { json, limitMs: REQUEST_LIMIT_MS });
      if (answer.status < SERVER_ERROR && (answer.status !== INCOMPATIBLE || last)) return answer;
      if (last) throw unavailable(registry, subject, problemIn(answer));
    } catch (error) {
      if (error instanceof RegistrationError) throw error;
      if (last) throw unavailable(registry, subject, reasonOf(error), error);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
  }
}

function unavailable(registry: RegistryAddress, subject: string, problem: string, cause?: unknown): RegistrationError {
  return new RegistrationError(
    'SCHEMA_REGISTRY_UNAVAILABLE',
    `"${subject}" could not be registered: the schema registry at ${registry.base} does not answer as it should (${problem})`,
    { cause },
  );
}

/** fetch says only "fetch failed"; its cause says why. */
function reasonOf(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  return messageOf(cause ?? error);
}

function idIn({ status, body }: RegistryAnswer): number | undefined {
  return status === 200 && isJsonObject(body) && typeof body['id'] === 'number' ? body['id'] : undefined;
}

function problemIn({ status, body }: RegistryAnswer): string {
  const message = isJsonObject(body) && typeof body['message'] === 'string' ? `: ${body['message']}` : '';
  return `status ${status}${message}`;
}
