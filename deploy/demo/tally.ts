import { CAST, type Part } from './cast.ts';
import type { Delivery } from './endpoint.ts';
import type { CustomerName } from './story.ts';

interface Expected {
  readonly part: Part;
  successes: number;
  attempts: number;
  deadLetter: boolean;
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

/** Keeps the books: what every webhook has to receive, what it received, what was given up. */
export class Tally {
  private readonly expected = new Map<string, Expected>();
  private events = 0;
  private wrongSignatures = 0;
  private waiters: Array<() => void> = [];

  /** An event is about to be produced. */
  produced(eventId: string, customer: CustomerName, eventType: string): void {
    this.events += 1;
    for (const part of CAST) {
      if (part.customer !== customer || !part.expects(eventType)) continue;
      this.expected.set(key(part, eventId), { part, successes: 0, attempts: 0, deadLetter: false });
    }
  }

  delivered(delivery: Delivery): void {
    if (delivery.signature === 'wrong') this.wrongSignatures += 1;
    const entry = this.expected.get(key(delivery.part, delivery.eventId));
    if (entry) {
      entry.attempts += 1;
      if (delivery.status === 200) entry.successes += 1;
    }
    this.check();
  }

  gaveUp(part: Part, eventId: string): void {
    const entry = this.expected.get(key(part, eventId));
    if (entry) entry.deadLetter = true;
    this.check();
  }

  /** Resolves when everything expected so far was delivered or given up, or after `limitMs`. */
  settled(limitMs: number): Promise<void> {
    if (this.open() === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  summary(): Summary {
    const all = [...this.expected.values()];
    return {
      events: this.events,
      deliveries: all.reduce((sum, { successes }) => sum + successes, 0),
      retried: all.filter(({ attempts, successes }) => attempts > 1 && successes > 0).length,
      deadLetters: all.filter(({ deadLetter }) => deadLetter).length,
      duplicates: all.reduce((sum, { successes }) => sum + Math.max(0, successes - 1), 0),
      lost: this.open(),
      wrongSignatures: this.wrongSignatures,
    };
  }

  private open(): number {
    return [...this.expected.values()].filter(({ successes, deadLetter }) => successes === 0 && !deadLetter).length;
  }

  private check(): void {
    if (this.open() > 0) return;
    const waiters = this.waiters;
    this.waiters = [];
    for (const wake of waiters) wake();
  }
}

function key(part: Part, eventId: string): string {
  return `${part.path} ${eventId}`;
}
