/**
 * One resource event, decoded. `body` is what an endpoint receives: compact JSON in UTF-8,
 * `{"id","type","resource_type","tm_create","data"}`, written at most once per event.
 */
export interface WebhookEvent {
  readonly id: string;
  /** Event type, for example `call_hangup`. */
  readonly type: string;
  readonly resourceType: string;
  readonly customerId: string;
  /** RFC 3339. */
  readonly tmCreate: string;
  /** `data.id`; empty when the data has none. Order is kept per (webhook, resourceId). */
  readonly resourceId: string;
  readonly body: Buffer;
  /** The body, parsed at most once per event; whole numbers beyond 2^53 as bigint. */
  readonly fields: unknown;
}

/** Where a record lies in the log. */
export interface LogPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** The value of the `webhook-sequence` header: it grows within a customer's events. */
export function sequenceOf(position: Pick<LogPosition, 'partition' | 'offset'>): string {
  return `${position.partition}.${position.offset}`;
}
