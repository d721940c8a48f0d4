import { join } from 'node:path';

import { type AttemptRecord, systemClock } from '#libs/domain';
import { AttemptRecordCodec, readInternalSchema, registryAddress, RegistryWriterSchemas } from '#libs/event-schemas';

import type { World } from './world.ts';

/**
 * All attempt records that the workers have written, once there is a success for each of the events; a slow machine leads to more.
 *
 * @throws Error after half a minute without a record that is still missing
 */
export async function writtenAttempts(world: World, eventIds: readonly string[]): Promise<AttemptRecord[]> {
  const registry = registryAddress(process.env['SCHEMA_REGISTRY_URL'] ?? '');
  const schemas = join(import.meta.dirname, '../../../schemas');
  const codec = new AttemptRecordCodec({
    schema: readInternalSchema(schemas, 'webhook_attempt'),
    registry,
    writerSchemas: new RegistryWriterSchemas(registry),
    clock: systemClock,
  });
  const watch = await world.watch('webhook-attempts');
  for (let count = eventIds.length; ;) {
    const written = await watch.gather(count, () => true);
    const decoded = await Promise.all(written.map(async ({ value }) => codec.decode(value ?? Buffer.alloc(0))));
    const records = decoded.flatMap((result) => (result.kind === 'record' ? [result.record] : []));
    const delivered = new Set(records.filter(({ outcome }) => outcome === 'delivered').map(({ eventId }) => eventId));
    const missing = eventIds.filter((id) => !delivered.has(id)).length;
    if (missing === 0) return records;
    count += missing;
  }
}
