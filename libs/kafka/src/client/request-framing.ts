import type { Encoded } from './produce-encoding.ts';

/** What the client makes a request of. */
export interface RequestParts {
  readonly correlationId: number;
  readonly clientId: string | null | undefined;
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly encode: () => Promise<Encoded>;
  };
}

const NULL_STRING = -1;
const LENGTH_BYTES = 4;
/** Key and version of the API, correlation id, length of the client's name. */
const HEAD_BYTES = 2 + 2 + 4 + 2;

/**
 * A request with its header, version 1, and its length (Kafka protocol, "Requests"), in a buffer of the right size. kafkajs 2.2.4 copies its
 * body into two larger ones that it fills with zeros before.
 */
export async function frameRequest({ correlationId, clientId, request }: RequestParts): Promise<Encoded> {
  const { apiKey, apiVersion, encode } = request;
  const body = (await encode()).buffer;
  const name = Buffer.from(clientId ?? '');
  const size = HEAD_BYTES + name.length + body.length;
  const buffer = Buffer.allocUnsafe(LENGTH_BYTES + size);
  let at = buffer.writeInt32BE(size, 0);
  at = buffer.writeInt16BE(apiKey, at);
  at = buffer.writeInt16BE(apiVersion, at);
  at = buffer.writeInt32BE(correlationId, at);
  at = buffer.writeInt16BE(clientId === null || clientId === undefined ? NULL_STRING : name.length, at);
  at += name.copy(buffer, at);
  body.copy(buffer, at);
  return { buf: buffer, buffer };
}
