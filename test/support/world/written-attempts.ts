import { join } from 'node:path';

import { type AttemptRecord, systemClock } from '#libs/domain';
import { AttemptRecordCodec, readInternalSchema, registryAddress, RegistryWriterSchemas } from '#libs/event-schemas';

import { eventually } from './eventually.ts';
import { lagOf, recordsOn } from './topics.ts';
import type { World } from './world.ts';

const TOPIC = 'webhook-attempts';
const SETTLED_WITHIN_MS = 120_000;

/**
 * All attempt records that the workers have written, once there is a success for each of the events and nothing is left to be attempted:
 * what a killed worker had not committed is attempted once more, and written down again.
 *
 * @throws Error after half a minute without a record that is still missing, or when there is work left after two minutes
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
  const left = async (): Promise<number> =>
    (await lagOf(world, 'webhook-delivery', 'resource-events')) +
    (await lagOf(world, 'webhook-retry', 'webhook-retry-', 'webhook-replays'));
  const watch = await world.watch(TOPIC);
  for (let count = eventIds.length; ;) {
    const written = await watch.gather(count, () => true);
    const decoded = await Promise.all(written.map(async ({ value }) => codec.decode(value ?? Buffer.alloc(0))));
    const records = decoded.flatMap((result) => (result.kind === 'record' ? [result.record] : []));
    const delivered = new Set(records.filter(({ outcome }) => outcome === 'delivered').map(({ eventId }) => eventId));
    const missing = eventIds.filter((id) => !delivered.has(id)).length;
    if (missing === 0) {
      await eventually(left, (lag) => lag === 0, SETTLED_WITHIN_MS);
      const all = await recordsOn(world, TOPIC);
      if (count === all) return records;
      count = all;
    } else count += missing;
  }
}
