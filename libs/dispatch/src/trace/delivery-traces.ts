import { assertNever, type Ending, type Webhook, type WebhookEvent } from '#libs/domain';
import type { Tracer } from '#libs/runtime';
import {
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';

import type { TurnSource } from '../bulkhead/turn.ts';

/** A delivery about to begin. */
export interface TracedDelivery {
  /** What it follows: the attempt before it, or what the producer wrote (W3C Trace Context); undefined when nobody wrote any. */
  readonly parent: string | undefined;
  readonly event: Pick<WebhookEvent, 'id' | 'type' | 'customerId'>;
  readonly webhook: Pick<Webhook, 'id' | 'url' | 'method'>;
  /** Counts from 1. */
  readonly attempt: number;
  readonly source: Pick<TurnSource, 'topic' | 'partition' | 'offset'>;
}

/** A delivery that is traced. */
export interface DeliveryTrace {
  /**
   * Its turn has come.
   *
   * @param at milliseconds since the epoch
   * @returns what the request carries as `traceparent`
   */
  readonly begins: (at: number) => string;
  /** It is over. @returns the ending, which tells those who come after what to follow */
  readonly ended: (ending: Ending) => Ending;
}

/** Makes two spans of each delivery: from when it was taken from the log to its end, and within it the request. */
export class DeliveryTraces {
  private readonly tracer: Tracer;

  constructor(tracer: Tracer) {
    this.tracer = tracer;
  }

  /** Undefined when this delivery is not to be traced. */
  begin(delivery: TracedDelivery): DeliveryTrace | undefined {
    const { event, webhook, attempt, source } = delivery;
    const span = this.tracer.startSpan(
      `process ${source.topic}`,
      {
        kind: SpanKind.CONSUMER,
        attributes: {
          'messaging.system': 'kafka',
          'messaging.operation.type': 'process',
          'messaging.destination.name': source.topic,
          'messaging.destination.partition.id': String(source.partition),
          'messaging.kafka.offset': source.offset,
          'webhook.id': webhook.id,
          'webhook.customer.id': event.customerId,
          'webhook.event.id': event.id,
          'webhook.event.type': event.type,
          'webhook.attempt': attempt,
        },
      },
      contextOf(delivery.parent),
    );
    return span.isRecording() ? new SpansOfDelivery(this.tracer, span, webhook) : undefined;
  }
}

class SpansOfDelivery implements DeliveryTrace {
  private readonly tracer: Tracer;
  private readonly delivery: Span;
  private readonly webhook: TracedDelivery['webhook'];
  private request: Span | undefined;

  constructor(tracer: Tracer, delivery: Span, webhook: TracedDelivery['webhook']) {
    this.tracer = tracer;
    this.delivery = delivery;
    this.webhook = webhook;
  }

  readonly begins = (at: number): string => {
    const { method = 'POST', url } = this.webhook;
    // Paths and queries may hold secrets of the customer.
    const target = URL.parse(url);
    this.request = this.tracer.startSpan(
      method,
      {
        kind: SpanKind.CLIENT,
        startTime: at,
        attributes: {
          'http.request.method': method,
          'server.address': target?.hostname ?? '',
          'server.port': Number(target?.port || (target?.protocol === 'http:' ? 80 : 443)),
        },
      },
      trace.setSpan(ROOT_CONTEXT, this.delivery),
    );
    return traceparentOf(this.request);
  };

  readonly ended = (ending: Ending): Ending => {
    const { delivery, request = delivery } = this;
    delivery.setAttribute('webhook.outcome', ending.kind === 'attempted' ? ending.outcome.kind : ending.kind);
    switch (ending.kind) {
      case 'attempted':
        this.answered(request, ending);
        delivery.end();
        return { ...ending, traceparent: traceparentOf(request) };
      case 'held':
        delivery.setAttribute('webhook.reason', ending.reason);
        delivery.end();
        return { ...ending, traceparent: traceparentOf(delivery) };
      case 'skipped':
        delivery.setAttribute('webhook.reason', ending.reason);
        delivery.end();
        return ending;
      case 'dropped':
        delivery.end();
        return ending;
      default:
        return assertNever(ending);
    }
  };

  private answered(request: Span, { outcome, at }: Extract<Ending, { kind: 'attempted' }>): void {
    if (outcome.status !== undefined) request.setAttribute('http.response.status_code', outcome.status);
    if (outcome.kind === 'failed') {
      request.setAttribute('error.type', outcome.error);
      request.setStatus({ code: SpanStatusCode.ERROR, message: outcome.message });
      this.delivery.setStatus({ code: SpanStatusCode.ERROR });
    }
    if (request !== this.delivery) request.end(at + outcome.timing.totalMs);
  }
}

function contextOf(traceparent: string | undefined): Context {
  const parent = traceparent === undefined ? null : parseTraceParent(traceparent);
  return parent && isSpanContextValid(parent)
    ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true })
    : ROOT_CONTEXT;
}

/** W3C Trace Context, section 3.2: version, trace, span, flags. */
function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
