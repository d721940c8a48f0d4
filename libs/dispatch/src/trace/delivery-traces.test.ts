import { describe, expect, it } from '@jest/globals';
import type { Ending } from '#libs/domain';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  ParentBasedSampler,
  SimpleSpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

import { DeliveryTraces, type TracedDelivery } from './delivery-traces.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SAMPLED = `00-${TRACE_ID}-b7ad6b7169203331-01`;
const AT = Date.parse('2026-01-02T03:04:05.678Z');

function setUp(shareOfOthers = 0) {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(shareOfOthers) }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  const traces = new DeliveryTraces(provider.getTracer('test'));
  const begin = (parent: string | undefined, attempt = 1) => traces.begin(delivery(parent, attempt));
  return { begin, spans: () => exporter.getFinishedSpans() };
}

function delivery(parent: string | undefined, attempt: number): TracedDelivery {
  return {
    parent,
    event: { id: 'event', type: 'call_hangup', customerId: 'customer' },
    webhook: { id: 'webhook', url: 'https://hooks.example.com:8443/secret-path?token=secret', method: undefined },
    attempt,
    source: { topic: 'resource-events', partition: 7, offset: 123 },
  };
}

const failed: Ending = {
  kind: 'attempted',
  outcome: { kind: 'failed', error: 'http_status', message: 'answered 503', status: 503, timing: { totalMs: 40 } },
  at: AT,
  excerpt: undefined,
};

describe('a delivery', () => {
  it('has a span that follows the producer, and one within it of the request, which the receiver follows', () => {
    const { begin, spans } = setUp();
    const trace = begin(SAMPLED)!;
    const sent = trace.begins(AT);
    trace.ended({
      kind: 'attempted',
      outcome: { kind: 'delivered', status: 200, timing: { totalMs: 25 } },
      at: AT,
      excerpt: undefined,
    });
    const [request, process] = spans();
    expect(process).toMatchObject({
      name: 'process resource-events',
      kind: SpanKind.CONSUMER,
      parentSpanContext: { traceId: TRACE_ID, spanId: 'b7ad6b7169203331' },
      attributes: { 'webhook.id': 'webhook', 'webhook.event.type': 'call_hangup', 'webhook.outcome': 'delivered' },
    });
    expect(request).toMatchObject({
      name: 'POST',
      kind: SpanKind.CLIENT,
      parentSpanContext: { traceId: TRACE_ID, spanId: process!.spanContext().spanId },
      attributes: { 'server.address': 'hooks.example.com', 'server.port': 8443, 'http.response.status_code': 200 },
      startTime: [AT / 1_000 - 0.678, 678_000_000],
      duration: [0, 25_000_000],
    });
    expect(sent).toBe(`00-${TRACE_ID}-${request!.spanContext().spanId}-01`);
    expect(JSON.stringify([request!.attributes, process!.attributes])).not.toMatch(/secret/);
  });

  it('that failed tells the next attempt to follow its request', () => {
    const { begin, spans } = setUp();
    const first = begin(SAMPLED)!;
    const sent = first.begins(AT);
    const ended = first.ended(failed);
    expect(ended).toEqual({ ...failed, traceparent: sent });
    const second = begin(sent, 2)!;
    second.ended({ kind: 'held', reason: 'breaker_open', at: AT });
    const [request, , again] = spans();
    expect(request!.status).toEqual({ code: SpanStatusCode.ERROR, message: 'answered 503' });
    expect(request!.attributes['error.type']).toBe('http_status');
    expect(again!.parentSpanContext?.spanId).toBe(request!.spanContext().spanId);
    expect(again!.attributes).toMatchObject({
      'webhook.attempt': 2,
      'webhook.outcome': 'held',
      'webhook.reason': 'breaker_open',
    });
  });

  it.each([
    ['the producer does not trace', `00-${TRACE_ID}-b7ad6b7169203331-00`, 1],
    ['nobody traces', undefined, 0],
    ['what the producer wrote cannot be read, and nobody else is traced', 'nonsense', 0],
  ])('is not traced where %s', (_, parent, shareOfOthers) => {
    const { begin, spans } = setUp(shareOfOthers);
    expect(begin(parent)).toBeUndefined();
    expect(spans()).toEqual([]);
  });

  it('without a producer that traces begins a trace of its own, as often as it is to', () => {
    const { begin, spans } = setUp(1);
    begin(undefined)!.ended({ kind: 'dropped' });
    expect(spans()[0]).toMatchObject({ parentSpanContext: undefined, attributes: { 'webhook.outcome': 'dropped' } });
  });
});
