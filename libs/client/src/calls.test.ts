import { describe, expect, it } from '@jest/globals';

import type { AdminApi } from './admin-api.ts';
import { CALLS } from './generated/calls.ts';

/** Never called: it has to compile, and each line that is marked must not. */
export async function typed(api: AdminApi): Promise<unknown> {
  const webhook = await api.call('createWebhook', { body: { url: 'https://example.com', event_types: ['*'] } });
  const secret: string = webhook.secret;
  const nothing: null = await api.call('deleteWebhook', { path: { id: webhook.id } });
  const text: string = await api.call('getMetrics', {});
  const replay = await api.call('createReplay', { path: { id: '1' }, body: { since: '', until: '', only: 'all' } });
  const dryRun: boolean | undefined = replay.source === 'log' ? replay.dry_run : undefined;
  await api.call('rotateSecret', { path: { id: '1' }, headers: { 'If-Match': '*' } });
  for await (const attempt of api.entries('listAttempts', { path: { id: '1' }, query: { outcome: 'failed' } })) {
    const outcome: 'delivered' | 'failed' | 'held' | 'skipped' = attempt.outcome;
    void outcome;
  }
  // @ts-expect-error the path is missing
  await api.call('getWebhook', {});
  // @ts-expect-error there is no such field
  await api.call('createWebhook', { body: { url: 'x', event_types: ['*'], nonsense: 1 } });
  // @ts-expect-error the body is missing
  await api.call('createWebhook', {});
  // @ts-expect-error it takes no body
  await api.call('getWebhook', { path: { id: '' }, body: {} });
  // @ts-expect-error there is no such outcome
  await api.call('listAttempts', { path: { id: '1' }, query: { outcome: 'lost' } });
  // @ts-expect-error it is no list
  api.entries('getWebhook', { path: { id: '1' } });
  // @ts-expect-error there is no such call
  await api.call('nonsense', {});
  return [secret, nothing, text, dryRun];
}

describe('the table of calls', () => {
  it('says where a call is', () => {
    expect(CALLS.updateWebhook).toEqual({ method: 'patch', path: '/webhooks/{id}' });
  });
});
