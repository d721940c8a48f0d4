import { eventually } from '../world/eventually.ts';
import { listAll } from '../world/listing.ts';
import type { TestCustomer, World } from '../world/world.ts';

/** What a request carries besides its method, its own path and its key. */
export interface CallInput {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object | string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** By the id of a call: makes what the call needs to succeed. */
export type CallInputs = Readonly<Record<string, () => Promise<CallInput>>>;

/** A key of a customer with these scopes. */
export async function accessKeyOf(world: World, customer: TestCustomer, scopes: readonly string[]): Promise<string> {
  const made = await world
    .operator()
    .post(`customers/${customer.id}/accesskeys`, { json: { name: scopes.join(), scopes } })
    .json<{ token: string }>();
  return made.token;
}

/** Makes one of everything that calls are about. The world needs all apps, and few retries. */
export async function callInputs(world: World, customer: TestCustomer): Promise<CallInputs> {
  const webhook = await customer.webhook('/fails', ['call_hangup']);
  world.receiver.on('/fails', { kind: 'status', status: 500 });
  const event = world.sample('call_hangup', customer.id);
  await world.produce(event);
  await world.produceBytes(customer.id, Buffer.from('no Avro'));
  const [letter] = await eventually(
    () => listAll<{ id: string }>(customer.http, `webhooks/${webhook.id}/dead-letters`),
    ({ length }) => length > 0,
  );
  const [rejected] = await eventually(
    () => listAll<{ id: string }>(world.operator(), 'rejected-events'),
    ({ length }) => length > 0,
  );
  const changing = await customer.webhook('/changing', ['*']);
  const path = { id: webhook.id };
  const span = {
    since: new Date(Date.now() - 60_000).toISOString(),
    until: new Date().toISOString(),
    only: 'all',
    dry_run: true,
  };
  const replay = async (): Promise<string> =>
    (await customer.http.post(`webhooks/${webhook.id}/replays`, { json: span }).json<{ id: string }>()).id;
  const once =
    (given: CallInput): (() => Promise<CallInput>) =>
    () =>
      Promise.resolve(given);
  const replayId = await replay();
  return {
    createWebhook: once({ body: { url: `${world.receiver.origin}/new`, event_types: ['call_*'] } }),
    listWebhooks: once({ query: { page_size: '1' } }),
    getWebhook: once({ path }),
    updateWebhook: once({
      path: { id: changing.id },
      body: {
        name: 'Orders',
        headers: { 'x-tenant': 'blue', authorization: 'Bearer secret' },
        filter: { all: [{ field: 'data.status', equals: 'hangup' }, { any: [{ field: 'data.id', exists: true }] }] },
        rate_limit: 100,
      },
      headers: { 'if-match': '*' },
    }),
    deleteWebhook: async () => ({ path: { id: (await customer.webhook('/gone', ['*'])).id } }),
    testWebhook: once({ path, body: { event_type: 'call_hangup' } }),
    getSecret: once({ path }),
    rotateSecret: once({ path }),
    listAttempts: once({ path, query: { outcome: 'failed', since: span.since } }),
    listDeadLetters: once({ path }),
    getStats: once({ path }),
    getEvent: once({ path: { id: event.id } }),
    redeliverDeadLetters: once({ path }),
    redeliverDeadLetter: once({ path: { ...path, letter: letter?.id ?? '' } }),
    createReplay: once({ path, body: span }),
    getReplay: once({ path: { id: replayId } }),
    cancelReplay: async () => ({ path: { id: await replay() } }),
    listEventTypes: once({}),
    produceEvent: once({ body: world.sample('call_ringing', customer.id) }),
    createCustomer: once({ body: { name: 'Example Ltd.' } }),
    createAccessKey: once({
      path: { customerId: customer.id },
      body: { name: 'x', tm_expire: '2999-01-01T00:00:00Z' },
    }),
    listAccessKeys: once({ path: { customerId: customer.id } }),
    revokeAccessKey: async () => {
      const id = (await accessKeyOf(world, customer, ['read'])).split('_')[1] ?? '';
      return { path: { customerId: customer.id, keyId: id } };
    },
    listRejectedEvents: once({}),
    redriveRejectedEvent: once({ path: { id: rejected?.id ?? '' } }),
    listAudit: once({ query: { customer_id: customer.id } }),
    getOpenApi: once({}),
    getDocs: once({}),
    getLive: once({}),
    getReady: once({}),
    getMetrics: once({}),
  };
}
