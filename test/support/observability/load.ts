import got from 'got';

import type { App } from '../../../deploy/local/apps.ts';
import { freePort } from '../../../deploy/local/ports.ts';
import { eventually } from '../world/eventually.ts';
import { seedRetries } from '../world/retries.ts';
import type { TestCustomer, World } from '../world/world.ts';

const ATTEMPTS_OF_THE_SCHEDULE = 7;
const TRIPS_A_BREAKER = 30;

/** Everything that the apps have figures for: what is delivered, fails, is held, given up or rejected, and calls of the admin REST. */
export class Load {
  /** A `config` that cannot reach its MongoDB. */
  readonly broken: App;
  private readonly world: World;
  private readonly customer: TestCustomer;
  private readonly refusing: string;
  private readonly changing: string;
  private rounds = 0;

  private constructor(
    world: World,
    customer: TestCustomer,
    webhooks: { refusing: string; changing: string },
    broken: App,
  ) {
    this.world = world;
    this.customer = customer;
    this.refusing = webhooks.refusing;
    this.changing = webhooks.changing;
    this.broken = broken;
  }

  /** Registers a customer's webhooks. The world has the schedule that there is without a setting. */
  static async on(world: World): Promise<Load> {
    const customer = await world.customer();
    world.receiver.on('/recovers', { kind: 'fail_first', failures: 1, status: 503 });
    world.receiver.on('/down', { kind: 'status', status: 503 });
    world.receiver.on('/refuses', { kind: 'status', status: 400 });
    await customer.webhook('/takes', ['call_hangup']);
    await customer.webhook('/recovers', ['message_created']);
    await customer.webhook('/down', ['queue_created']);
    const { id: refusing } = await customer.webhook('/refuses', ['activeflow_created']);
    const { id: changing } = await customer.webhook('/changes', ['campaign_created']);
    const nowhere = `mongodb://127.0.0.1:${await freePort()}/none?serverSelectionTimeoutMS=200`;
    const broken = await world.start('config', { MONGODB_URI: nowhere });
    await eventually(
      () =>
        got(`${broken.address}/health/live`, { retry: { limit: 0 } }).then(
          () => true,
          () => false,
        ),
      (answers) => answers,
    );
    return new Load(world, customer, { refusing, changing }, broken);
  }

  /** Lets all of it happen once more; resolves when the first delivery has arrived. */
  async round(): Promise<void> {
    const { world, customer } = this;
    const produce = (type: string): Promise<void> => world.produce(world.sample(type, customer.id));
    const failing = this.rounds === 0 ? TRIPS_A_BREAKER : 1;
    await Promise.all(Array.from({ length: failing }, () => produce('queue_created')));
    await Promise.all(['message_created', 'number_created', 'call_hangup'].map(produce));
    await world.produceBytes(customer.id, Buffer.from('not Avro'));
    const value = await world.encoded(world.sample('activeflow_created', customer.id));
    const history = { attempts: ATTEMPTS_OF_THE_SCHEDULE };
    await seedRetries(world, [{ tier: '5s', webhookId: this.refusing, value, history }]);
    await this.calls();
    this.rounds += 1;
    await world.receiver.waitFor('/takes', this.rounds);
  }

  private async calls(): Promise<void> {
    const { http } = this.customer;
    await http.patch(`webhooks/${this.changing}`, { json: { event_types: ['campaign_created'] } });
    await http.get('webhooks');
    await http.get('webhooks/00000000-0000-4000-8000-000000000000');
    await this.world.operator().get(`${this.broken.address}/webhooks`, { prefixUrl: '' });
  }
}
