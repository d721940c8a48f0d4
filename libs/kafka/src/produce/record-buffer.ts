import type { LogPosition } from '#libs/domain';

import { type OutgoingRecord } from '../record.ts';

/** A record on its way, and who waits for it. */
export interface Pending {
  readonly record: OutgoingRecord;
  readonly resolve: (position: LogPosition) => void;
  readonly reject: (error: Error) => void;
  settled: boolean;
  timer?: NodeJS.Timeout;
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

  /** Takes back a record that has not been sent yet. */
  remove(pending: Pending): void {
    const index = this.waiting.indexOf(pending);
    if (index >= 0) this.waiting.splice(index, 1);
  }

  /** The next request: in order, at most the allowed bytes a topic, but always at least one record. */
  take(): Pending[] {
    const bytes = new Map<string, number>();
    let count = 0;
    for (const { record } of this.waiting) {
      const total = (bytes.get(record.topic) ?? 0) + sizeOf(record);
      if (count > 0 && total > this.maxBytesPerTopic) break;
      bytes.set(record.topic, total);
      count += 1;
    }
    const taken = this.waiting.slice(0, count);
    this.waiting = this.waiting.slice(count);
    return taken;
  }
}

function sizeOf(record: OutgoingRecord): number {
  let bytes = RECORD_OVERHEAD_BYTES + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  for (const [name, value] of Object.entries(record.headers ?? {})) bytes += name.length + (value?.length ?? 0) + 8;
  return bytes;
}
