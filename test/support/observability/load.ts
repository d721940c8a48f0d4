import { systemClock } from '#libs/domain';
import got from 'got';

import { Endpoint } from '../../../deploy/demo/endpoint.ts';
import { EventProducer } from '../../../deploy/demo/producer.ts';
import { Stage } from '../../../deploy/demo/stage.ts';
import type { App } from '../../../deploy/local/apps.ts';
import { freePort } from '../../../deploy/local/ports.ts';
import { eventually } from '../world/eventually.ts';
import { seedRetries } from '../world/retries.ts';
import type { TestCustomer, World } from '../world/world.ts';

const ATTEMPTS_OF_THE_SCHEDULE = 7;
const TRIPS_A_BREAKER = 30;
const NEVER = new AbortController().signal;

/**
 * The demo's load, and what the demo leaves out and apps have figures for as well: a breaker that opens, a delivery given up after the whole
 * schedule, a record that cannot be read, more calls of the admin REST, an app without its MongoDB.
 */
export class Load {
  private readonly world: World;
  private readonly endpoint: Endpoint;
  private readonly stage: Stage;
  private readonly deliveries: Deliveries;
  private readonly customer: TestCustomer;
  private readonly refusing: string;
  private readonly changing: string;
  /** A `config` that cannot reach its MongoDB. */
  private readonly broken: App;
  private rounds = 0;

  private constructor(given: {
    world: World;
    endpoint: Endpoint;
    stage: Stage;
    deliveries: Deliveries;
    customer: TestCustomer;
    refusing: string;
    changing: string;
    broken: App;
  }) {
    this.world = given.world;
    this.endpoint = given.endpoint;
    this.stage = given.stage;
    this.deliveries = given.deliveries;
    this.customer = given.customer;
    this.refusing = given.refusing;
    this.changing = given.changing;
    this.broken = given.broken;
  }

  /** Registers webhooks. The world has the schedule that there is without a setting. */
  static async on(world: World): Promise<Load> {
    const deliveries: Deliveries = { verified: 0, wrong: 0 };
    const endpoint = new Endpoint(world.certificates, ({ signature }) => (deliveries[signature] += 1));
    const stage = await Stage.prepare({
      address: world.app('config').address,
      operatorKey: world.env['OPERATOR_KEY'] ?? '',
      endpoint,
      origin: await endpoint.open(),
      events: new EventProducer({
        catalogue: world.catalogue,
        registryUrl: world.env['SCHEMA_REGISTRY_URL'] ?? '',
        producer: world.producer,
        topic: `${world.prefix}resource-events`,
        clock: systemClock,
      }),
    });
    const customer = await world.customer();
    world.receiver.on('/down', { kind: 'status', status: 503 });
    world.receiver.on('/refuses', { kind: 'status', status: 400 });
    await customer.webhook('/down', ['queue_created']);
    const { id: refusing } = await customer.webhook('/refuses', ['activeflow_created']);
    const { id: changing } = await customer.webhook('/changes', ['campaign_created']);
    const broken = await withoutMongo(world);
    return new Load({ world, endpoint, stage, deliveries, customer, refusing, changing, broken });
  }

  /** Lets all of it happen once more; resolves when the demo's endpoint has had a request of it. */
  async round(): Promise<void> {
    const { world, customer, deliveries } = this;
    const before = deliveries.verified;
    const failing = this.rounds === 0 ? TRIPS_A_BREAKER : 1;
    await Promise.all(Array.from({ length: failing }, () => world.produce(world.sample('queue_created', customer.id))));
    await world.produceBytes(customer.id, Buffer.from('not Avro'));
    const value = await world.encoded(world.sample('activeflow_created', customer.id));
    const history = { attempts: ATTEMPTS_OF_THE_SCHEDULE };
    await seedRetries(world, [{ tier: '5s', webhookId: this.refusing, value, history }]);
    await Promise.all([this.stage.tell(NEVER, () => undefined), this.calls()]);
    this.rounds += 1;
    await eventually(
      async () => deliveries,
      ({ verified, wrong }) => verified > before && wrong === 0,
    );
  }

  /** The demo's webhook whose endpoint fails the first time, whatever the event. */
  get recovering(): string {
    const found = this.stage.webhooks.find(({ part }) => part.behaviour.kind === 'recovers');
    if (!found) throw new Error('no endpoint of the demo recovers');
    return found.id;
  }

  /** Closes the demo's endpoint. */
  async close(): Promise<void> {
    await this.endpoint.close();
  }

  private async calls(): Promise<void> {
    const { http } = this.customer;
    await http.patch(`webhooks/${this.changing}`, { json: { event_types: ['campaign_created'] } });
    await http.get('webhooks');
    await http.get('webhooks/00000000-0000-4000-8000-000000000000');
    await this.world.operator().get(`${this.broken.address}/webhooks`, { prefixUrl: '' });
  }
}

/** Requests at the demo's endpoint, by what their signature was found to be. */
type Deliveries = Record<'verified' | 'wrong', number>;

async function withoutMongo(world: World): Promise<App> {
  const nowhere = `mongodb://127.0.0.1:${await freePort()}/none?serverSelectionTimeoutMS=200`;
  const app = await world.start('config', { MONGODB_URI: nowhere });
  await eventually(
    () =>
      got(`${app.address}/health/live`, { retry: { limit: 0 } }).then(
        () => true,
        () => false,
      ),
    (answers) => answers,
  );
  return app;
}
