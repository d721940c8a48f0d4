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
      headers: headers ? this.headers(headers) : {},
      timestamp: Number(timestamp),
    };
  }

  private headers(headers: IHeaders): IHeaders {
    const own: IHeaders = {};
    for (const [name, value] of Object.entries(headers)) {
      own[name] = Array.isArray(value) ? value.map((one) => this.headerValue(one)) : value && this.headerValue(value);
    }
    return own;
  }

  private headerValue(value: Buffer | string): Buffer | string {
    return typeof value === 'string' ? value : this.copy(value);
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
