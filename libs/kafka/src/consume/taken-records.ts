import { CodedError } from '#libs/domain';
import type { IHeaders, KafkaMessage } from 'kafkajs';

import type { KafkaRecord } from '../record.ts';

/** Payloads of records taken one after the other share a piece of memory. It is small, since each of them keeps all of it. */
const PIECE_BYTES = 8_192;

/**
 * Makes records of messages that a fetch brought. All of their bytes are copied: a slice would keep the broker's whole answer in memory,
 * up to some megabytes, for as long as one record of it is unsettled.
 */
export class TakenRecords {
  private piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  private used = 0;

  /** @throws CodedError `OFFSET_TOO_LARGE` beyond 2^53 - 1. */
  from(topic: string, partition: number, { offset: text, timestamp, key, value, headers }: KafkaMessage): KafkaRecord {
    const offset = Number(text);
    if (!Number.isSafeInteger(offset)) {
      throw new CodedError('OFFSET_TOO_LARGE', `offset ${text} of ${topic}/${partition}`);
    }
    return {
      topic,
      partition,
      offset,
      key: key && this.copy(key),
      value: value && this.copy(value),
      headers: headers && Object.keys(headers).length > 0 ? this.ownHeaders(headers) : {},
      timestamp: Number(timestamp),
    };
  }

  private ownHeaders(headers: IHeaders): IHeaders {
    const own = Object.entries(headers).map(([name, value]) => [name, this.headerValue(value)] as const);
    return Object.fromEntries(own);
  }

  /**
   * A header without a value, which Kafka allows and the client's types do not, becomes one with an empty value. Among the values of one
   * called "constructor" or the like, the client has what every object inherits by that name.
   */
  private headerValue(value: unknown): Buffer | Buffer[] {
    if (!Array.isArray(value)) return this.oneValue(value);
    return value.filter((one) => one === null || Buffer.isBuffer(one)).map((one) => this.oneValue(one));
  }

  private oneValue(value: unknown): Buffer {
    return this.copy(Buffer.isBuffer(value) ? value : Buffer.alloc(0));
  }

  private copy(bytes: Buffer): Buffer {
    const { length } = bytes;
    if (length > PIECE_BYTES / 2) {
      const own = Buffer.allocUnsafeSlow(length);
      bytes.copy(own);
      return own;
    }
    if (this.used + length > PIECE_BYTES) {
      this.piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
      this.used = 0;
    }
    const start = this.used;
    this.used += length;
    bytes.copy(this.piece, start);
    return this.piece.subarray(start, this.used);
  }
}
