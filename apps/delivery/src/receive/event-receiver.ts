import { assertNever, type Clock, type RejectionReason, type Webhook, type WebhookEvent } from '#libs/domain';
import type { DecodeResult, EventCodec } from '#libs/event-schemas';
import { isControlRecord, type KafkaRecord, type KeyLanes, type RecordContext, type RecordOutcome } from '#libs/kafka';
import type { Logger } from '#libs/runtime';

import type { CustomerWebhooks, Lookup } from '../match/customer-webhooks.ts';
import type { LookupMetrics } from '../match/lookup-metrics.ts';
import type { FirstAttempts } from '../send/first-attempts.ts';
import type { Settlement } from '../settle/settlement.ts';

type Decision =
  | { readonly kind: 'deliver'; readonly event: WebhookEvent; readonly webhooks: readonly Webhook[] }
  | { readonly kind: 'reject'; readonly reason: RejectionReason; readonly message: string }
  | { readonly kind: 'park'; readonly cause: Error };

/**
 * Takes a record through the stations: decode, match, send, settle. A customer's records are decided in the order of the log, so
 * that their lanes fill in that order; one customer's loading webhooks or schema never make another wait.
 */
export class EventReceiver {
  private readonly codec: EventCodec;
  private readonly webhooks: CustomerWebhooks;
  private readonly attempts: FirstAttempts;
  private readonly settlement: Settlement;
  private readonly deciding: KeyLanes;
  private readonly metrics: LookupMetrics;
  private readonly clock: Clock;
  private readonly logger: Logger;

  constructor(given: {
    codec: EventCodec;
    webhooks: CustomerWebhooks;
    attempts: FirstAttempts;
    settlement: Settlement;
    deciding: KeyLanes;
    metrics: LookupMetrics;
    clock: Clock;
    logger: Logger;
  }) {
    this.codec = given.codec;
    this.webhooks = given.webhooks;
    this.attempts = given.attempts;
    this.settlement = given.settlement;
    this.deciding = given.deciding;
    this.metrics = given.metrics;
    this.clock = given.clock;
    this.logger = given.logger;
  }

  /** Resolves when the record is settled, or was abandoned because the partition was given up. */
  receive(record: KafkaRecord, context: RecordContext): Promise<RecordOutcome> {
    if (isControlRecord(record)) {
      this.webhooks.drop(keyOf(record));
      this.metrics.changeHeeded(this.clock.now() - record.timestamp);
      return Promise.resolve({ kind: 'settled' });
    }
    if (this.deciding.size > 0 && this.deciding.busy(keyOf(record))) return this.inTurn(undefined, record, context);
    const decision = this.decide(record);
    return decision instanceof Promise
      ? this.inTurn(decision, record, context)
      : this.carryOut(decision, record, context);
  }

  /** The promise travels in an object: the lane is free once the sending has begun, not once it has ended. */
  private async inTurn(
    begun: Promise<Decision> | undefined,
    record: KafkaRecord,
    context: RecordContext,
  ): Promise<RecordOutcome> {
    const { outcome } = await this.deciding.run(keyOf(record), async () => {
      const decision = await (begun ?? this.decide(record));
      return { outcome: this.carryOut(decision, record, context) };
    });
    return outcome;
  }

  /** At once where the schema and the customer's webhooks are known. */
  private decide(record: KafkaRecord): Decision | Promise<Decision> {
    if (record.value === null) {
      return { kind: 'reject', reason: 'not_avro', message: 'the record has no value' };
    }
    const decoded = this.codec.decode(record.value);
    return decoded instanceof Promise ? decoded.then((result) => this.match(result)) : this.match(decoded);
  }

  private match(decoded: DecodeResult): Decision | Promise<Decision> {
    switch (decoded.kind) {
      case 'rejected':
        return { kind: 'reject', reason: decoded.reason, message: decoded.message };
      case 'unavailable':
        return { kind: 'park', cause: decoded.cause };
      case 'event': {
        const lookup = this.webhooks.lookup(decoded.event.customerId);
        return lookup instanceof Promise
          ? lookup.then((found) => matched(decoded.event, found))
          : matched(decoded.event, lookup);
      }
      default:
        return assertNever(decoded);
    }
  }

  private carryOut(decision: Decision, record: KafkaRecord, context: RecordContext): Promise<RecordOutcome> {
    const { topic, partition, offset } = record;
    switch (decision.kind) {
      case 'deliver': {
        const { event, webhooks } = decision;
        if (webhooks.length === 0) this.metrics.unmatched();
        return this.settlement.event(record, event, webhooks, context, (webhook, ended) =>
          this.attempts.send(event, webhook, record, context.isCurrent, ended),
        );
      }
      case 'reject':
        this.logger.warn({ topic, partition, offset, reason: decision.reason }, `record rejected: ${decision.message}`);
        return this.settlement.rejection(record, decision.reason, decision.message, context);
      case 'park':
        this.logger.warn({ topic, partition, offset }, `record parked: ${decision.cause.message}`);
        return this.settlement.parking(record, context);
      default:
        return assertNever(decision);
    }
  }
}

function keyOf({ key }: KafkaRecord): string {
  return key?.toString() ?? '';
}

function matched(event: WebhookEvent, lookup: Lookup): Decision {
  if (lookup.kind === 'unavailable') return { kind: 'park', cause: lookup.cause };
  return { kind: 'deliver', event, webhooks: lookup.index.match(event) };
}
