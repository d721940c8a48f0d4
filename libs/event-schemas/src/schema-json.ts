/** A JSON value as JSON.parse gives it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isJsonArray(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The fields that make a record an event, in the order in which the body carries them; `customer_id` stays inside. */
export const ENVELOPE_STRINGS = ['id', 'type', 'resource_type', 'customer_id', 'tm_create'] as const;

/** One of the string fields of the envelope. */
export type EnvelopeString = (typeof ENVELOPE_STRINGS)[number];

/** The field of the envelope that holds the resource. */
export const ENVELOPE_DATA = 'data';
