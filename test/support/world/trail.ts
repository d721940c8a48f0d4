import { join } from 'node:path';

import { type AttemptRecord, systemClock } from '#libs/domain';
import { AttemptRecordCodec, readInternalSchema, registryAddress, RegistryWriterSchemas } from '#libs/event-schemas';

import type { Watch, World } from './world.ts';

/** The attempt records of a world. */
export class Trail {
  private readonly codec: AttemptRecordCodec;
  private readonly watch: Watch;

  private constructor(codec: AttemptRecordCodec, watch: Watch) {
    this.codec = codec;
    this.watch = watch;
  }

  static async of(world: World): Promise<Trail> {
    const registry = registryAddress(world.env['SCHEMA_REGISTRY_URL'] ?? '');
    const codec = new AttemptRecordCodec({
      schema: readInternalSchema(join(import.meta.dirname, '../../../schemas'), 'webhook_attempt'),
      registry,
      writerSchemas: new RegistryWriterSchemas(registry),
      clock: systemClock,
    });
    return new Trail(codec, await world.watch('webhook-attempts'));
  }

  /** Resolves with the first `count` attempt records of a webhook. @throws Error after `limitMs`. */
  async attempts(webhookId: string, count: number, limitMs?: number): Promise<AttemptRecord[]> {
    const records = await this.watch.gather(count, ({ value }) => value?.includes(webhookId) ?? false, limitMs);
    return Promise.all(
      records.map(async ({ value }) => {
        const decoded = await this.codec.decode(value!);
        if (decoded.kind !== 'record') throw new Error(JSON.stringify(decoded));
        return decoded.record;
      }),
    );
  }
}
