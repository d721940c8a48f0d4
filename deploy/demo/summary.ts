import type { EntryOf } from '#libs/client';

import type { Tally } from './tally.ts';

type Attempt = EntryOf<'listAttempts'>;
type DeadLetter = EntryOf<'listDeadLetters'>;

/** The figures of a finished demo. */
export interface Summary {
  readonly events: number;
  readonly deliveries: number;
  readonly retried: number;
  readonly deadLetters: number;
  readonly duplicates: number;
  /** Neither delivered nor given up, but with an attempt to come. */
  readonly waiting: number;
  readonly lost: number;
  readonly wrongSignatures: number;
}

/** What the books tell of one webhook, by the ids of attempts and dead letters. */
export interface Accounted {
  readonly webhook: { readonly part: { readonly path: string } };
  readonly attempts: ReadonlyMap<string, Pick<Attempt, 'event_id' | 'outcome' | 'next'>>;
  readonly deadLetters: ReadonlyMap<string, Pick<DeadLetter, 'event_id'>>;
}

/** Holds the books against what had to be delivered. */
export function summaryOf(
  accounts: readonly Accounted[],
  tally: Pick<Tally, 'events' | 'expected' | 'wrongSignatures'>,
): Summary {
  const sums = accounts.map(sumOf);
  const total = (count: (sum: (typeof sums)[number]) => number): number =>
    sums.reduce((all, sum) => all + count(sum), 0);
  const settled = new Set(accounts.flatMap(settledOf));
  const toCome = new Set(accounts.flatMap(toComeOf));
  const unsettled = tally.expected
    .map(({ path, eventId }) => `${path} ${eventId}`)
    .filter((each) => !settled.has(each));
  const waiting = unsettled.filter((each) => toCome.has(each)).length;
  return {
    events: tally.events,
    deliveries: total(({ deliveries }) => deliveries),
    retried: total(({ retried }) => retried),
    deadLetters: total(({ deadLetters }) => deadLetters),
    duplicates: total(({ duplicates }) => duplicates),
    waiting,
    lost: unsettled.length - waiting,
    wrongSignatures: tally.wrongSignatures,
  };
}

/** Whether a request was sent. */
export function wasMade({ outcome }: Pick<Attempt, 'outcome'>): boolean {
  return outcome === 'delivered' || outcome === 'failed';
}

function sumOf({
  attempts,
  deadLetters,
}: Accounted): Record<'deliveries' | 'retried' | 'duplicates' | 'deadLetters', number> {
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
function settledOf({ webhook, attempts, deadLetters }: Accounted): string[] {
  const delivered = [...attempts.values()].filter(({ outcome }) => outcome === 'delivered');
  return [...delivered, ...deadLetters.values()].map(({ event_id }) => `${webhook.part.path} ${event_id}`);
}

/** The events of which a webhook was promised another attempt. */
function toComeOf({ webhook, attempts }: Accounted): string[] {
  const promised = [...attempts.values()].filter(({ next }) => next.kind === 'retry');
  return promised.map(({ event_id }) => `${webhook.part.path} ${event_id}`);
}
