import { randomUUID } from 'node:crypto';

import { afterAll, describe, expect, it } from '@jest/globals';
import { mergeHealth, NO_HEALTH, type WebhookHealth } from '#libs/domain';

import { TestDatabase } from '../../testing/database.ts';
import { WebhookHealthRepository } from './webhook-health-repository.ts';

const database = new TestDatabase('health');
const health = new WebhookHealthRepository(database.store);

afterAll(() => database.drop());

const view = (given: Partial<WebhookHealth>): WebhookHealth => ({ ...NO_HEALTH, ...given });

describe('the health of a webhook', () => {
  it('is unknown without attempts, and joined from what is found of it', async () => {
    const id = randomUUID();
    expect(await health.find(id)).toEqual(NO_HEALTH);
    await health.merge(id, view({ lastFailureAt: 5, failingSince: 4 }));
    await health.merge(id, view({ lastSuccessAt: 6 }));
    expect(await health.find(id)).toEqual(view({ lastSuccessAt: 6, lastFailureAt: 5 }));
  });

  it('is joined from all views of several who join at once', async () => {
    const id = randomUUID();
    // No two of them make up for the rest, whichever is written last.
    const views = Array.from({ length: 20 }, (_, index) =>
      view({ lastSuccessAt: (index * 7) % 20, lastFailureAt: (index * 11 + 5) % 20 }),
    );
    await Promise.all(views.map((one) => health.merge(id, one)));
    expect(await health.find(id)).toEqual(views.reduce(mergeHealth));
  });

  it('keeps everything that it is judged by', async () => {
    const id = randomUUID();
    const full = {
      lastSuccessAt: 1,
      lastFailureAt: 9,
      failingSince: 4,
      failures: 3,
      lastOtherAt: 5,
      goneSince: 6,
      enabledAt: 3,
    };
    await health.merge(id, full);
    expect(await health.find(id)).toEqual(full);
    await health.merge(id, view({ enabledAt: 7 }));
    expect(await health.find(id)).toEqual(view({ lastSuccessAt: 1, lastFailureAt: 9, lastOtherAt: 5, enabledAt: 7 }));
  });

  it('is not written again when nothing changes', async () => {
    const id = randomUUID();
    const seen = view({ lastSuccessAt: 6, lastFailureAt: 9, failingSince: 8 });
    await health.merge(id, seen);
    await health.merge(id, seen);
    await health.merge(id, view({ lastSuccessAt: 2 }));
    const document = await database.db.collection<{ _id: string }>('webhook_health').findOne({ _id: id });
    expect(document).toMatchObject({ revision: 1, last_success_at: new Date(6), failing_since: new Date(8) });
  });
});
