import { randomUUID } from 'node:crypto';

import type { Clock } from '#libs/domain';
import { Catalogue, EventCodec, fromJson, sampleEvent } from '#libs/event-schemas';
import { Inject, Injectable } from '@nestjs/common';

import { RegisteredEncoder, registryUnavailable } from '../../events/registered-encoder.ts';
import { CLOCK } from '../../tokens.ts';

/** A sample event as an endpoint gets it. */
export interface TestEvent {
  readonly id: string;
  readonly type: string;
  /** JSON in UTF-8, with `"test":true` at its end. */
  readonly body: Buffer;
}

const MARK = ',"test":true}';

/** Makes realistic events for tests, by the way that real ones take: Avro, decoded, written as JSON. */
@Injectable()
export class TestEvents {
  private readonly catalogue: Catalogue;
  private readonly encoder: RegisteredEncoder;
  private readonly codec: EventCodec;
  private readonly clock: Clock;

  constructor(
    @Inject(Catalogue) catalogue: Catalogue,
    @Inject(RegisteredEncoder) encoder: RegisteredEncoder,
    @Inject(EventCodec) codec: EventCodec,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.catalogue = catalogue;
    this.encoder = encoder;
    this.codec = codec;
    this.clock = clock;
  }

  /** @param type one of the catalogue @throws ApiError 503 while the schema registry does not answer */
  async make(type: string, customerId: string): Promise<TestEvent> {
    const id = randomUUID();
    const sample = sampleEvent(this.catalogue, type, { id, customerId, now: this.clock.now() });
    const entry = this.catalogue.resourceTypes.get(this.catalogue.eventType(type)?.resourceType ?? '');
    if (!entry) throw new Error(`the catalogue has no resource type for ${type}`);
    const checked = fromJson(entry, sample);
    if (!checked.ok) throw new Error(`the sample of ${type} does not fit its schema`);
    const decoded = await this.codec.decode(await this.encoder.encode(entry.resourceType, checked.value));
    if (decoded.kind === 'unavailable') throw registryUnavailable();
    if (decoded.kind === 'rejected') throw new Error(`the sample of ${type} cannot be decoded: ${decoded.message}`);
    return { id, type, body: Buffer.concat([decoded.event.body.subarray(0, -1), Buffer.from(MARK)]) };
  }
}
