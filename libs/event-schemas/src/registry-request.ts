import type { RegistryAddress } from './registry-address.ts';
import type { JsonObject, JsonValue } from './schema-json.ts';

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';

/** A registry's answer; the body is undefined when it is not JSON. */
export interface RegistryAnswer {
  readonly status: number;
  readonly body: JsonValue | undefined;
}

/** One request to the registry's Confluent API. Throws when there is no answer within `limitMs`. */
export async function registryRequest(
  { base, credentials }: RegistryAddress,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  options: { readonly json?: JsonObject; readonly limitMs?: number } = {},
): Promise<RegistryAnswer> {
  const { json, limitMs = 900 } = options;
  const headers = new Headers({ accept: MEDIA_TYPE });
  if (json) headers.set('content-type', MEDIA_TYPE);
  if (credentials) headers.set('authorization', basic(credentials));
  const response = await fetch(base + path, {
    method,
    headers,
    signal: AbortSignal.timeout(limitMs),
    ...(json && { body: JSON.stringify(json) }),
  });
  return { status: response.status, body: parsed(await response.text()) };
}

function basic({ username, password }: NonNullable<RegistryAddress['credentials']>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function parsed(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
