import { expect, it } from '@jest/globals';

import { mongodbPart } from './mongodb.ts';

it('lets a client open few connections to the embedded database, on each of which it may wait for its turn', () => {
  const { pathname, searchParams } = new URL(mongodbPart.address([27_017]));
  expect(pathname).toBe('/webhooks');
  expect(Object.fromEntries(searchParams)).toEqual({
    directConnection: 'true',
    maxPoolSize: '4',
    waitQueueTimeoutMS: '10000',
  });
});
