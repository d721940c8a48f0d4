import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { listAll } from '../support/world/listing.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly caller: string;
  readonly access_key_id: string | null;
  readonly customer_id: string | null;
  readonly target: Readonly<Record<string, string>>;
  readonly fields: readonly string[];
  readonly request_id: string;
  readonly client: string;
  readonly outcome: string;
}

let world: World;
let customer: TestCustomer;

beforeAll(async () => {
  world = await World.open({}, ['config']);
  customer = await world.customer();
});
afterAll(() => world.close());

const auditOf = (customerId: string): Promise<Entry[]> =>
  listAll<Entry>(world.operator(), 'audit', { customer_id: customerId, page_size: '2' });

describe('the audit log', () => {
  it('says who changed what, when and with which key, the newest first', async () => {
    const began = Date.now();
    const { id } = await customer.webhookAt('https://example.com/audited', ['*']);
    const json = { name: 'renamed', headers: { authorization: 'Bearer hidden-value' } };
    const headers = { 'x-request-id': 'the-update' };
    expect((await customer.http.patch(`webhooks/${id}`, { json, headers })).statusCode).toBe(200);
    await customer.http.post(`webhooks/${id}/secret/rotate`);
    await world.operator().delete(`webhooks/${id}`, { responseType: 'text' });

    const entries = await auditOf(customer.id);
    const all = await listAll<Entry>(world.operator(), 'audit');
    expect(entries.map(({ action }) => action)).toEqual([
      'webhook.rotate_secret',
      'webhook.update',
      'webhook.create',
      'access_key.create',
      'customer.create',
    ]);
    expect(all[0]).toMatchObject({ action: 'webhook.delete', caller: 'operator', target: { id }, outcome: 'done' });
    const keyId = entries[0]?.access_key_id;
    expect(entries[1]).toEqual({
      id: expect.any(String),
      at: expect.any(String),
      action: 'webhook.update',
      caller: 'access_key',
      access_key_id: expect.any(String),
      customer_id: customer.id,
      target: { id },
      fields: ['name', 'headers'],
      request_id: 'the-update',
      client: expect.stringContaining('127.0.0.1'),
      outcome: 'done',
    });
    expect(entries[3]).toMatchObject({ caller: 'operator', access_key_id: null, target: { id: keyId } });
    expect(entries[2]).toMatchObject({ target: { id } });
    for (const { at } of entries.slice(0, 3)) expect(Date.parse(at)).toBeGreaterThanOrEqual(began);
    expect(JSON.stringify(all)).not.toMatch(/hidden-value|whsec_/);
  });

  it('has nothing of requests that were refused, nor of repeated ones', async () => {
    const other = await world.customer();
    const before = await auditOf(other.id);
    await other.http.post('webhooks', { json: { url: 7 } });
    await other.http.patch(`webhooks/${randomUUID()}`, { json: { name: 'x' } });
    await other.http.delete(`webhooks/${randomUUID()}`);
    expect(await auditOf(other.id)).toEqual(before);
    const json = { url: 'https://example.com/', event_types: ['*'] };
    const headers = { 'idempotency-key': randomUUID() };
    for (let count = 0; count < 2; count += 1) await other.http.post('webhooks', { json, headers });
    expect((await auditOf(other.id)).map(({ action }) => action)).toEqual([
      'webhook.create',
      ...before.map(({ action }) => action),
    ]);
  });

  it('is for the operator', async () => {
    const { statusCode, body } = await customer.http.get<{ error: { reason: string } }>('audit');
    expect([statusCode, body.error.reason]).toEqual([403, 'OPERATOR_ONLY']);
  });

  it('has a change before it is made: one that a crash cut off is there, and its outcome is unknown', async () => {
    world.receiver.on('/hangs', { kind: 'hang' });
    const other = await world.customer();
    const { id } = await other.webhook('/hangs', ['*']);
    const cutOff = expect(
      other.http.post(`webhooks/${id}/test`, { json: { event_type: 'call_hangup' } }),
    ).rejects.toThrow();
    await world.receiver.waitFor('/hangs', 1);
    const app = world.app('config');
    app.signal('SIGKILL');
    await Promise.all([cutOff, app.exited()]);
    await app.start();
    await app.ready();
    const [entry] = await auditOf(other.id);
    expect(entry).toMatchObject({ action: 'webhook.test', target: { id }, outcome: 'unknown' });
  });
});
