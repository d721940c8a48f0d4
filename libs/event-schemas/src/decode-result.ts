import type { DecodedEvent } from './decoded-event.ts';

/** Why a record can never be delivered as it is. */
export type RejectionReason =
  /** No magic byte, or too short to hold a schema id. */
  | 'not_avro'
  /** The registry answered that it knows no schema of that id. */
  | 'unknown_schema'
  /** The schema is not Avro, or cannot be parsed. */
  | 'unsupported_schema'
  /** The bytes do not hold a value of their schema. */
  | 'undecodable'
  /** The record is not an event: an envelope field is missing, null or empty. */
  | 'missing_field';

export interface Rejected {
  readonly kind: 'rejected';
  readonly reason: RejectionReason;
  readonly message: string;
}

/** The registry did not answer: nothing is known about the record, and it must be tried again. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly cause: Error;
}

export type DecodeResult = { readonly kind: 'event'; readonly event: DecodedEvent } | Rejected | Unavailable;

export function rejected(reason: RejectionReason, message: string): Rejected {
  return { kind: 'rejected', reason, message };
}

/** The value is not in the registry's wire format. */
export function notAvro(value: Buffer): Rejected {
  return rejected('not_avro', `the value (${value.length} bytes) does not begin with a zero byte and a schema id`);
}
