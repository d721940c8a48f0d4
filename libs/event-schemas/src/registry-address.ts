import { ConfigurationError } from '#libs/domain';

/** Where the schema registry's Confluent API is, and who asks. */
export interface RegistryAddress {
  /** Without credentials and without a trailing slash. */
  readonly base: string;
  readonly credentials?: { readonly username: string; readonly password: string };
}

/**
 * Reads `SCHEMA_REGISTRY_URL`; credentials may stand in it, as `https://name:password@host`.
 * @throws ConfigurationError when it is not an http or https URL
 */
export function registryAddress(text: string): RegistryAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new ConfigurationError(
      'SCHEMA_REGISTRY_URL must be the http or https URL of the registry\'s Confluent API, for example "http://127.0.0.1:8081"',
    );
  }
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  if (url.username === '') return { base };
  const credentials = { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  return { base, credentials };
}
