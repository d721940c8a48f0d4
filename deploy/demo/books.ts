import { setTimeout as pauseFor } from 'node:timers/promises';

import type { Admin, DemoCustomer, ListedAttempt, ListedDeadLetter } from './admin.ts';
import type { Part } from './cast.ts';
import type { Tally } from './tally.ts';

/** A webhook of the demo, with whose key it can be asked about. */
export interface DemoWebhook {
  readonly id: string;
  readonly part: Part;
  readonly customer: DemoCustomer;
}

/** The figures of a finished demo. */
export interface Summary {
  readonly events: number;
  readonly deliveries: number;
  readonly retried: number;
  readonly deadLetters: number;
  readonly duplicates: number;
  readonly lost: number;
  readonly wrongSignatures: number;
}

interface Account {
  readonly webhook: DemoWebhook;
  readonly attempts: Map<string, ListedAttempt>;
  readonly deadLetters: Map<string, ListedDeadLetter>;
}

const READ_EVERY_MS = 500;
/** Attempts come into the ledger a little out of order. */
const OVERLAP_MS = 60_000;

/** The books of the demo, read through the admin REST as the customers would. */
export class Books {
  private readonly admin: Admin;
  private readonly accounts: readonly Account[];
  private readonly onDeadLetter: (webhook: DemoWebhook, letter: ListedDeadLetter) => void;
  private readonly closing = new AbortController();
  private following: Promise<void> = Promise.resolve();

  constructor(
    admin: Admin,
    webhooks: readonly DemoWebhook[],
    onDeadLetter: (webhook: DemoWebhook, letter: ListedDeadLetter) => void,
  ) {
    this.admin = admin;
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
    return this.summary(tally);
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
    const since = newest === 0 ? undefined : new Date(newest - OVERLAP_MS).toISOString();
    for await (const page of this.admin.attempts(webhook.customer, webhook.id, since)) {
      for (const attempt of page) attempts.set(attempt.id, attempt);
    }
    for await (const page of this.admin.deadLetters(webhook.customer, webhook.id)) {
      const fresh = page.filter(({ event_id }) => !deadLetters.has(event_id));
      for (const letter of fresh) {
        deadLetters.set(letter.event_id, letter);
        this.onDeadLetter(webhook, letter);
      }
      if (fresh.length < page.length) break;
    }
  }

  private async complete(tally: Tally): Promise<boolean> {
    if (this.summary(tally).lost > 0 || this.made() < tally.requests) return false;
    const counts = this.accounts.map(({ webhook }) => this.admin.countedAttempts(webhook.customer, webhook.id));
    const counted = await Promise.all(counts).catch(() => []);
    return counted.reduce((sum, count) => sum + count, 0) >= tally.requests;
  }

  private made(): number {
    return this.accounts.reduce((sum, { attempts }) => sum + [...attempts.values()].filter(wasMade).length, 0);
  }

  private summary(tally: Tally): Summary {
    const sums = this.accounts.map(sumOf);
    const total = (count: (sum: (typeof sums)[number]) => number): number =>
      sums.reduce((all, sum) => all + count(sum), 0);
    const settled = new Set(this.accounts.flatMap(settledOf));
    return {
      events: tally.events,
      deliveries: total(({ deliveries }) => deliveries),
      retried: total(({ retried }) => retried),
      deadLetters: total(({ deadLetters }) => deadLetters),
      duplicates: total(({ duplicates }) => duplicates),
      lost: tally.expected.filter(({ path, eventId }) => !settled.has(`${path} ${eventId}`)).length,
      wrongSignatures: tally.wrongSignatures,
    };
  }
}

function wasMade({ outcome }: ListedAttempt): boolean {
  return outcome === 'delivered' || outcome === 'failed';
}

function sumOf({
  attempts,
  deadLetters,
}: Account): Record<'deliveries' | 'retried' | 'duplicates' | 'deadLetters', number> {
  const made = [...attempts.values()].filter(wasMade);
  const events = [...Map.groupBy(made, ({ event_id }) => event_id).values()].map((tries) => ({
    tries: tries.length,
    successes: tries.filter(({ outcome }) => outcome === 'delivered').length,
  }));
  return {
    deliveries: events.reduce((sum, { successes }) => sum + successes, 0),
    retried: events.filter(({ tries, successes }) => tries > 1 && successes > 0).length,
    duplicates: events.reduce((sum, { successes }) => sum + Math.max(0, successes - 1), 0),
    deadLetters: deadLetters.size,
  };
}

/** The events that a webhook has received, or that were given up for it. */
function settledOf({ webhook, attempts, deadLetters }: Account): string[] {
  const delivered = [...attempts.values()].filter(({ outcome }) => outcome === 'delivered');
  return [...delivered.map(({ event_id }) => event_id), ...deadLetters.keys()].map(
    (id) => `${webhook.part.path} ${id}`,
  );
}
