import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, it } from '@jest/globals';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** Any figure above 0 and below a million; not null, which stands for what could not be measured. */
const positive = expect.closeTo(500_000, -6);
const spread = { median: positive, min: positive, max: positive };
const side = { deliveries_per_second: spread, cpu_us_per_delivery: spread, missing: 0, unfinished_rounds: 0 };
const latency = { p50: positive, p95: positive, p99: positive };

it('npm run bench measures both sides and finds nothing lost, twice or out of order', async () => {
  const args = [
    'run',
    '--silent',
    'bench',
    '--',
    '--only',
    'throughput',
    '--rounds',
    '1',
    '--events',
    '2000',
    '--json',
  ];
  // A stack of its own: it puts in, and removes, more than other tests should have to wait for.
  const addresses = { KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: '', MONGODB_URI: '' };
  const env = {
    ...process.env,
    ...addresses,
    TOPIC_REPLICATION: '1',
    TOPIC_MIN_INSYNC_REPLICAS: '1',
    TOPIC_PARTITIONS: '6',
  };
  const { stdout } = await run('npm', args, { cwd: root, env });
  expect(JSON.parse(stdout)).toMatchObject({
    ratio: spread,
    bare: { ...side, latency_ms: latency },
    product: { ...side, lost: 0, duplicates: 0, order_violations: 0, uncommitted: 0, latency_ms: latency },
    throughput: {
      events: 3_000,
      deliveries_per_event: 1,
      usual: { ratio: spread, bare: { ...side, connections: 100 } },
    },
    receiver: { one_at_a_time: { requests_per_second: positive } },
    machine: { node: process.version },
    seconds: positive,
    lost: 0,
    duplicates: 0,
    order_violations: 0,
    astray: 0,
  });
  const { bare, product }: { bare: { connections: number }; product: { connections: number } } = JSON.parse(stdout);
  expect(bare.connections).toBe(product.connections);
  expect(JSON.parse(stdout)).not.toHaveProperty('isolation');
});
