import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type CollectedSpan, Collector } from '../support/traces/collector.ts';
import { eventually } from '../support/world/eventually.ts';
import { World } from '../support/world/world.ts';

const PRODUCER_TRACE = '0af7651916cd43dd8448eb211c80319c';
const PRODUCER_SPAN = 'b7ad6b7169203331';

let collector: Collector;
let world: World;

beforeAll(async () => {
  collector = await Collector.open();
  world = await World.open({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.address, OTEL_TRACES_SAMPLER_ARG: '0' });
});

afterAll(async () => {
  await world.close();
  await collector.close();
});

async function produceTraced(event: Record<string, unknown>, flags: string): Promise<void> {
  await world.producer.send({
    topic: `${world.prefix}resource-events`,
    key: String(event['customer_id']),
    value: await world.encoded(event),
    headers: { traceparent: `00-${PRODUCER_TRACE}-${PRODUCER_SPAN}-${flags}` },
  });
}

/** What follows a span, and nothing else. */
function follower(spans: readonly CollectedSpan[], parent: string): CollectedSpan {
  const followers = spans.filter(({ parentSpanId }) => parentSpanId === parent);
  expect(followers).toHaveLength(1);
  return followers[0]!;
}

describe('the trace of an event', () => {
  it('goes from its producer through Kafka, the failed attempt, the retry and both requests', async () => {
    const customer = await world.customer();
    world.receiver.on('/recovers', { kind: 'fail_first', failures: 1, status: 503 });
    const webhook = await customer.webhook('/recovers', ['call_hangup']);
    await produceTraced(world.sample('call_hangup', customer.id), '01');
    const [first, second] = await world.receiver.waitFor('/recovers', 2);

    const spans = await eventually(
      async () => collector.spans.filter(({ traceId }) => traceId === PRODUCER_TRACE),
      ({ length }) => length === 4,
    );
    const taken = follower(spans, PRODUCER_SPAN);
    const refused = follower(spans, taken.spanId);
    const takenAgain = follower(spans, refused.spanId);
    const accepted = follower(spans, takenAgain.spanId);
    expect([taken, refused, takenAgain, accepted].map(({ service, name }) => `${service}: ${name}`)).toEqual([
      `webhook-delivery: process ${world.prefix}resource-events`,
      'webhook-delivery: POST',
      `webhook-retry: process ${world.prefix}webhook-retry-1s`,
      'webhook-retry: POST',
    ]);
    expect(taken.attributes).toMatchObject({ 'webhook.id': webhook.id, 'webhook.customer.id': customer.id });
    expect(refused.attributes).toMatchObject({ 'http.response.status_code': 503, 'error.type': 'http_status' });
    expect(accepted.attributes).toMatchObject({ 'http.response.status_code': 200 });
    const followed = [first, second].map((request) => request!.headers['traceparent']);
    expect(followed).toEqual([refused, accepted].map(({ spanId }) => `00-${PRODUCER_TRACE}-${spanId}-01`));
  });

  it('is not begun where the producer does not trace it, and the receiver is told of none', async () => {
    const customer = await world.customer();
    const webhook = await customer.webhook('/untraced', ['queue_created']);
    await produceTraced(world.sample('queue_created', customer.id), '00');
    await world.produce(world.sample('queue_created', customer.id));
    const requests = await world.receiver.waitFor('/untraced', 2);
    expect(requests.map(({ headers }) => headers['traceparent'])).toEqual([undefined, undefined]);

    // Spans are sent in order, so those of this event would have come before those of the next one.
    await customer.webhook('/traced', ['call_created']);
    const traced = world.sample('call_created', customer.id);
    await produceTraced(traced, '01');
    await eventually(
      async () => collector.with('webhook.event.id', traced.id),
      ({ length }) => length === 1,
    );
    expect(collector.with('webhook.id', webhook.id)).toEqual([]);
  });

  it('is lost when the collector is away, and nothing else is', async () => {
    const customer = await world.customer();
    await customer.webhook('/alone', ['number_created']);
    await collector.close();
    await produceTraced(world.sample('number_created', customer.id), '01');
    const [request] = await world.receiver.waitFor('/alone', 1);
    expect(request!.headers['traceparent']).toMatch(new RegExp(`^00-${PRODUCER_TRACE}-`));
    await eventually(
      async () => world.lines.filter((line) => line.includes('traces are not sent')),
      ({ length }) => length > 0,
    );
  });
});
