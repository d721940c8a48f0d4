import { messageOf, UnavailableError } from '#libs/domain';
import type { Logger } from '#libs/runtime';

import type { BulkMetrics, LedgerKind } from './bulk-metrics.ts';

interface Waiting<T> {
  readonly item: T;
  readonly wanted: () => boolean;
  readonly resolve: (written: boolean) => void;
}

type Result = 'written' | 'away' | 'refused';

const LINGER_MS = 10;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Writes items many at a time: while one bulk is under way, the next gathers. A bulk that fails is written again until it works, never
 * skipped; how much can wait meanwhile is up to the consumer's bounds.
 */
export class Bulk<T> {
  private readonly write: (items: readonly T[]) => Promise<void>;
  private readonly kind: LedgerKind;
  private readonly maxItems: number;
  private readonly metrics: BulkMetrics;
  private readonly logger: Logger;
  private waiting: Array<Waiting<T>> = [];
  private running = false;

  /** @param given.write can be repeated without harm, also when it failed halfway. */
  constructor(given: {
    write: (items: readonly T[]) => Promise<void>;
    kind: LedgerKind;
    maxItems: number;
    metrics: BulkMetrics;
    logger: Logger;
  }) {
    this.write = given.write;
    this.kind = given.kind;
    this.metrics = given.metrics;
    this.maxItems = given.maxItems;
    this.logger = given.logger;
  }

  /** True once the item is written; false when `wanted` turned false before that. */
  add(item: T, wanted: () => boolean): Promise<boolean> {
    return new Promise((resolve) => {
      this.waiting.push({ item, wanted, resolve });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    await pause(LINGER_MS);
    for (let failures = 0; this.waiting.length > 0;) {
      const bulk = this.take();
      const left = await this.attempt(bulk);
      failures = left.length === 0 ? 0 : failures + 1;
      this.waiting = [...left, ...this.waiting];
      if (failures > 0) await pause(Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS));
    }
    this.running = false;
  }

  private take(): Array<Waiting<T>> {
    const bulk: Array<Waiting<T>> = [];
    let passed = 0;
    for (const waiting of this.waiting) {
      if (bulk.length === this.maxItems) break;
      if (waiting.wanted()) bulk.push(waiting);
      else waiting.resolve(false);
      passed += 1;
    }
    this.waiting = this.waiting.slice(passed);
    return bulk;
  }

  /**
   * Writes a bulk; what is left could not be written now. Where MongoDB answers and refuses, the items are written one by one: the one
   * that it does not take must not hold back the others.
   */
  private async attempt(bulk: ReadonlyArray<Waiting<T>>): Promise<ReadonlyArray<Waiting<T>>> {
    const result = await this.tryTo(bulk);
    if (result === 'written') return [];
    if (result === 'away' || bulk.length === 1) return bulk;
    const left: Array<Waiting<T>> = [];
    let away = false;
    for (const waiting of bulk) {
      const one: Result = away ? 'away' : await this.tryTo([waiting]);
      if (one !== 'written') left.push(waiting);
      away = one === 'away';
    }
    return left;
  }

  private async tryTo(bulk: ReadonlyArray<Waiting<T>>): Promise<Result> {
    if (bulk.length === 0) return 'written';
    const began = performance.now();
    try {
      await this.write(bulk.map(({ item }) => item));
      this.metrics.written(this.kind, bulk.length, performance.now() - began);
      for (const { resolve } of bulk) resolve(true);
      return 'written';
    } catch (error) {
      this.metrics.failed(this.kind);
      if (error instanceof UnavailableError) {
        this.logger.warn({ records: bulk.length }, `not written yet, their offsets stay open: ${messageOf(error)}`);
        return 'away';
      }
      this.logger.error({ err: error, records: bulk.length }, `refused, trying again: ${messageOf(error)}`);
      return 'refused';
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
