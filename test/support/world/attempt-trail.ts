import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { type AttemptRecord, systemClock } from '#libs/domain';
import { AttemptRecordCodec, readInternalSchema, registryAddress, RegistryWriterSchemas } from '#libs/event-schemas';

import type { World } from './world.ts';

/** Puts attempt records on the trail as a worker would, with times of their own. */
export class AttemptTrail {
  private readonly world: World;
  private readonly codec: AttemptRecordCodec;

  constructor(world: World) {
    this.world = world;
    const registry = registryAddress(world.env['SCHEMA_REGISTRY_URL'] ?? '');
    this.codec = new AttemptRecordCodec({
      schema: readInternalSchema(join(import.meta.dirname, '../../../schemas'), 'webhook_attempt'),
      registry,
      writerSchemas: new RegistryWriterSchemas(registry),
      clock: systemClock,
    });
  }

  /** A request to a webhook that was answered with `status` at `at`, milliseconds since the epoch. */
  async answered(webhook: { id: string; customerId: string }, at: number, status: number): Promise<void> {
    const delivered = status === 200;
    const record: AttemptRecord = {
      id: randomUUID(),
      webhookId: webhook.id,
      customerId: webhook.customerId,
      eventId: randomUUID(),
      eventType: 'call_hangup',
      resourceType: 'call',
      originPartition: 0,
      originOffset: 0,
      attempt: 1,
      outcome: delivered ? 'delivered' : 'failed',
      reason: delivered ? undefined : 'http_status',
      message: delivered ? undefined : `answered ${status}`,
      at,
      timing: { totalMs: 5 },
      status,
      excerpt: undefined,
      next: delivered ? 'none' : 'retry',
      nextTier: undefined,
      nextAt: undefined,
      nextReason: undefined,
      replayId: undefined,
    };
    await this.codec.ready();
    const topic = `${this.world.prefix}webhook-attempts`;
    await this.world.producer.send({ topic, key: webhook.id, value: this.codec.encode(record) });
  }
}
