import { randomUUID } from 'node:crypto';

import { RecordProducer } from '#libs/kafka';
import { createLogger } from '#libs/runtime';

import type { ReceivedRequest } from '../world/receiver.ts';
import type { TestCustomer, World } from '../world/world.ts';

const EVENT = 'call_hangup';
const RESOURCES = 3;

/** One customer's endpoint and resources, the events of each of which are numbered. */
interface Stream {
  readonly customer: TestCustomer;
  readonly path: string;
  readonly resources: readonly string[];
}

/** What is wrong with what endpoints got. All are empty when nothing is. */
export interface Differences {
  readonly missing: number;
  readonly twice: number;
  /** Pairs of numbers of one resource, of which the second came later although it is smaller. */
  readonly outOfOrder: ReadonlyArray<readonly [number, number]>;
}

/** Customers whose events are numbered by resource, so that loss, copies and order can be told from what their endpoints got. */
export class NumberedEvents {
  readonly customers: readonly TestCustomer[];
  private readonly world: World;
  private readonly streams: readonly Stream[];
  private readonly sent = new Map<string, { readonly resource: string; readonly number: number }>();
  private next = 0;

  private constructor(world: World, streams: readonly Stream[]) {
    this.world = world;
    this.streams = streams;
    this.customers = streams.map(({ customer }) => customer);
  }

  /** @param answerMs how long the endpoints take */
  static async of(world: World, customers: number, answerMs: number): Promise<NumberedEvents> {
    const streams = Array.from({ length: customers }, async (_, index): Promise<Stream> => {
      const customer = await world.customer();
      const path = `/numbered-${index}`;
      await customer.webhook(path, [EVENT]);
      return { customer, path, resources: Array.from({ length: RESOURCES }, () => randomUUID()) };
    });
    const events = new NumberedEvents(world, await Promise.all(streams));
    events.answerIn(answerMs);
    return events;
  }

  /** Sets how long the endpoints take with requests that come from now on. */
  answerIn(ms: number): void {
    for (const { path } of this.streams) this.world.receiver.on(path, { kind: 'delay', ms });
  }

  /** Writes the next `count` events of every resource, as a producer would that has just started. */
  async produce(count: number): Promise<void> {
    const { world } = this;
    const producer = new RecordProducer({
      kafka: world.kafka,
      logger: createLogger('producer', 'silent'),
      sendTimeoutMs: 60_000,
    });
    for (const last = this.next + count; this.next < last; this.next += 1) {
      await Promise.all(
        this.streams.flatMap(({ customer, resources }) =>
          resources.map(async (resource) => {
            const event = world.sample(EVENT, customer.id, { id: resource });
            this.sent.set(event.id, { resource, number: this.next });
            const value = await world.encoded(event);
            await producer.send({ topic: `${world.prefix}resource-events`, key: customer.id, value });
          }),
        ),
      );
    }
    await producer.close();
  }

  /** Resolves once every endpoint has as many requests as events were produced for it. */
  async delivered(): Promise<void> {
    const each = this.next * RESOURCES;
    await Promise.all(this.streams.map(({ path }) => this.world.receiver.waitFor(path, each, 120_000)));
  }

  /** The requests that a customer's endpoint got, in their order. */
  received(customer: TestCustomer): ReceivedRequest[] {
    const stream = this.streams.find((one) => one.customer === customer);
    return stream ? this.world.receiver.received(stream.path) : [];
  }

  /** Compares what was produced with what has come. */
  differences(): Differences {
    const outOfOrder: Array<readonly [number, number]> = [];
    const seen = new Set<string>();
    const newest = new Map<string, number>();
    let twice = 0;
    for (const { path } of this.streams) {
      for (const { headers } of this.world.receiver.received(path)) {
        const id = String(headers['webhook-id']);
        const event = this.sent.get(id);
        if (!event) continue;
        if (seen.has(id)) {
          twice += 1;
          continue;
        }
        seen.add(id);
        const before = newest.get(event.resource) ?? -1;
        if (event.number < before) outOfOrder.push([before, event.number]);
        newest.set(event.resource, Math.max(before, event.number));
      }
    }
    return { missing: this.sent.size - seen.size, twice, outOfOrder };
  }
}

export const NOTHING_WRONG: Differences = { missing: 0, twice: 0, outOfOrder: [] };
