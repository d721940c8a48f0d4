import type { LogPosition } from '#libs/domain';

import { type OutgoingRecord } from '../record.ts';

/** A record on its way, and who waits for it. */
export interface Pending {
  readonly record: OutgoingRecord;
  /** Milliseconds of `performance.now()` at which its time is up. */
  readonly expiresAt: number;
  readonly resolve: (position: LogPosition) => void;
  readonly reject: (error: Error) => void;
  settled: boolean;
}

const RECORD_OVERHEAD_BYTES = 100;

/** Records that wait for the next request, first in, first out. */
export class RecordBuffer {
  private readonly maxBytesPerTopic: number;
  private waiting: Pending[] = [];

  constructor(maxBytesPerTopic: number) {
    this.maxBytesPerTopic = maxBytesPerTopic;
  }

  get size(): number {
    return this.waiting.length;
  }

  add(pending: Pending): void {
    this.waiting.push(pending);
  }

  /** The next request: in order, at most the allowed bytes a topic, but always at least one record; none whose time is up. */
  take(): Pending[] {
    const bytes = new Map<string, number>();
    const taken: Pending[] = [];
    let passed = 0;
    for (const pending of this.waiting) {
      if (!pending.settled) {
        const { topic } = pending.record;
        const total = (bytes.get(topic) ?? 0) + sizeOf(pending.record);
        if (taken.length > 0 && total > this.maxBytesPerTopic) break;
        bytes.set(topic, total);
        taken.push(pending);
      }
      passed += 1;
    }
    this.waiting = this.waiting.slice(passed);
    return taken;
  }
}

function sizeOf(record: OutgoingRecord): number {
  let bytes = RECORD_OVERHEAD_BYTES + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  for (const name in record.headers) bytes += name.length + (record.headers[name]?.length ?? 0) + 8;
  return bytes;
}
