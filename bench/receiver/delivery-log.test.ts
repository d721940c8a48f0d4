import { expect, it } from '@jest/globals';

import { DeliveryLog } from './delivery-log.ts';

it('a delivery log keeps everything while it grows, and nothing once it is cleared', () => {
  const log = new DeliveryLog();
  const count = 200_000;
  for (let at = 0; at < count; at++) log.add(at % 100, at, at + 0.5);
  const { endpoints, events, times } = log.columns();
  expect([endpoints.length, events.length, times.length]).toEqual([count, count, count]);
  expect(events.every((event, at) => event === at && endpoints[at] === at % 100 && times[at] === at + 0.5)).toBe(true);
  log.clear();
  expect(log.columns().events).toHaveLength(0);
});
