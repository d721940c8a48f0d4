import type { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { registryRequest } from './registry-request.ts';
import type { RegistryAddress } from './registry-address.ts';
import { isJsonObject } from './schema-json.ts';

type Middleware = NonNullable<ConstructorParameters<typeof SchemaRegistry>[0]['middlewares']>[number];

const REQUEST_LIMIT_MS = 900;
const NOT_FOUND = 404;
/** Confluent's code for "schema not found"; the wrong path or a proxy's page does not carry it. */
const SCHEMA_NOT_FOUND = 40403;

/** Bounds every request, and refuses a page of something else that answers 200 in the registry's place. */
export const refuseForeignAnswers: Middleware = ({ resourceName, resourceMethod }) => ({
  prepareRequest: async (next) => (await next()).enhance({ timeout: REQUEST_LIMIT_MS }),
  response: async (next) => {
    const response = await next();
    const isSchema = resourceName === 'Schema' || (resourceName === 'Subject' && resourceMethod === 'version');
    const answer: unknown = response.data();
    if (isSchema && !(isJsonObject(answer) && typeof answer['schema'] === 'string')) {
      throw new Error('the answer is not that of a schema registry; check SCHEMA_REGISTRY_URL');
    }
    return response;
  },
});

/** Whether the registry itself says that it has no schema of that id. Throws when it does not answer. */
export async function hasNoSchema(address: RegistryAddress, schemaId: number): Promise<boolean> {
  const { status, body } = await registryRequest(address, 'GET', `/schemas/ids/${schemaId}`);
  return status === NOT_FOUND && isJsonObject(body) && body['error_code'] === SCHEMA_NOT_FOUND;
}
