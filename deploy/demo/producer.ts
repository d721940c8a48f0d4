import { randomUUID } from 'node:crypto';

import { type Clock, CodedError } from '#libs/domain';
import {
  type Catalogue,
  EventEncoder,
  fromJson,
  isJsonObject,
  registryAddress,
  sampleEvent,
} from '#libs/event-schemas';
import type { RecordProducer } from '#libs/kafka';

import type { Scene } from './story.ts';

/** A producer of VoIPBIN: Avro with the registered schema, keyed by customer. */
export class EventProducer {
  private readonly catalogue: Catalogue;
  private readonly encoder: EventEncoder;
  private readonly producer: RecordProducer;
  private readonly topic: string;
  private readonly clock: Clock;

  constructor(given: {
    catalogue: Catalogue;
    registryUrl: string;
    producer: RecordProducer;
    topic: string;
    clock: Clock;
  }) {
    this.catalogue = given.catalogue;
    this.encoder = new EventEncoder(given.catalogue, registryAddress(given.registryUrl));
    this.producer = given.producer;
    this.topic = given.topic;
    this.clock = given.clock;
  }

  /** Puts a scene's event on Kafka. @param onId told the event's id before it is sent. */
  async produce(scene: Scene, customerId: string, onId: (id: string) => void): Promise<void> {
    const id = randomUUID();
    const sample = sampleEvent(this.catalogue, scene.type, { id, customerId, now: this.clock.now() });
    const { data } = sample;
    const entry = this.catalogue.resourceTypes.get(this.catalogue.eventType(scene.type)?.resourceType ?? '');
    if (!entry || !isJsonObject(data)) {
      throw new CodedError('UNKNOWN_EVENT_TYPE', `the story tells of ${scene.type}, which the catalogue does not have`);
    }
    const event = fromJson(entry, { ...sample, data: { ...data, ...scene.data, customer_id: customerId } });
    if (!event.ok) {
      const [problem] = event.details;
      throw new CodedError('BAD_STORY', `${scene.type}: ${problem?.field} ${problem?.message}`);
    }
    const value = await this.encoder.encode(entry.resourceType, event.value);
    onId(id);
    await this.producer.send({ topic: this.topic, key: customerId, value });
  }
}
