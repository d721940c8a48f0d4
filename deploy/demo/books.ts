import { setTimeout as pauseFor } from 'node:timers/promises';

import type { EntryOf } from '#libs/client';

import type { Part } from './cast.ts';
import type { DemoCustomer } from './customer.ts';
import { type Accounted, type Summary, summaryOf, wasMade } from './summary.ts';
import type { Tally } from './tally.ts';

type Attempt = EntryOf<'listAttempts'>;
type DeadLetter = EntryOf<'listDeadLetters'>;

/** A webhook of the demo, with whose key it can be asked about. */
export interface DemoWebhook {
  readonly id: string;
  readonly part: Part;
  readonly customer: DemoCustomer;
}

interface Account extends Accounted {
  readonly webhook: DemoWebhook;
  readonly attempts: Map<string, Attempt>;
  readonly deadLetters: Map<string, DeadLetter>;
}

const READ_EVERY_MS = 500;
/** Attempts come into the ledger a little out of order. */
const OVERLAP_MS = 60_000;

/** The books of the demo, read through the admin REST as the customers would. */
export class Books {
  private readonly accounts: readonly Account[];
  private readonly onDeadLetter: (webhook: DemoWebhook, letter: DeadLetter) => void;
  private readonly closing = new AbortController();
  private following: Promise<void> = Promise.resolve();

  constructor(webhooks: readonly DemoWebhook[], onDeadLetter: (webhook: DemoWebhook, letter: DeadLetter) => void) {
    this.accounts = webhooks.map((webhook) => ({ webhook, attempts: new Map(), deadLetters: new Map() }));
    this.onDeadLetter = onDeadLetter;
  }

  /** Reads what is new, again and again, until the books are closed. */
  follow(): void {
    this.following = this.read();
  }

  /** Waits until the ledger tells of all that was expected and seen, at most `limitMs`; then makes the sum. */
  async close(tally: Tally, limitMs: number): Promise<Summary> {
    const deadline = Date.now() + limitMs;
    while (Date.now() < deadline && !(await this.complete(tally))) await pauseFor(READ_EVERY_MS);
    await this.stop();
    return summaryOf(this.accounts, tally);
  }

  /** Reads no more. */
  async stop(): Promise<void> {
    this.closing.abort();
    await this.following;
  }

  private async read(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      // An answer that fails is asked for again; what is missing in the end shows in the sum.
      for (const account of this.accounts) await this.readNew(account).catch(() => undefined);
      await pauseFor(READ_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async readNew({ webhook, attempts, deadLetters }: Account): Promise<void> {
    const newest = [...attempts.values()].reduce((latest, { at }) => Math.max(latest, Date.parse(at)), 0);
    const query = newest === 0 ? {} : { since: new Date(newest - OVERLAP_MS).toISOString() };
    const { api } = webhook.customer;
    const path = { id: webhook.id };
    for await (const page of api.pages('listAttempts', { path, query })) {
      for (const attempt of page) attempts.set(attempt.id, attempt);
    }
    for await (const page of api.pages('listDeadLetters', { path })) {
      const fresh = page.filter(({ id }) => !deadLetters.has(id));
      for (const letter of fresh) {
        deadLetters.set(letter.id, letter);
        this.onDeadLetter(webhook, letter);
      }
      if (fresh.length < page.length) break;
    }
  }

  private async complete(tally: Tally): Promise<boolean> {
    const { waiting, lost } = summaryOf(this.accounts, tally);
    if (waiting + lost > 0 || this.made() < tally.requests) return false;
    const asked = this.accounts.map(({ webhook: { id, customer } }) => customer.api.call('getStats', { path: { id } }));
    const stats = await Promise.all(asked).catch(() => []);
    return stats.reduce((sum, { totals }) => sum + totals.attempts, 0) >= tally.requests;
  }

  private made(): number {
    return this.accounts.reduce((sum, { attempts }) => sum + [...attempts.values()].filter(wasMade).length, 0);
  }
}
