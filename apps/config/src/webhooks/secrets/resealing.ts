import { setTimeout as pauseFor } from 'node:timers/promises';

import { type Clock, isLive, messageOf, type OwnHeader, type SealedSecret } from '#libs/domain';
import { Gauge, type Logger, type MetricsRegistry, type SealingKey, type SecretBox } from '#libs/runtime';
import type { SealedValues, SealedValuesRepository } from '#libs/store';

const PAGE_SIZE = 100;
/** Bounds the pace at 1,000 webhooks a second. */
const PAGE_PAUSE_MS = 100;
/** How long after a pass the next one begins. */
const EVERY_MS = 60_000;

/** How many values in use there are for each kind of key that seals them. */
type Counts = Record<SealingKey, number>;

/** What of a webhook is sealed, and used. */
type Values = Pick<SealedValues, 'secrets' | 'headers'>;

/**
 * Seals signing secrets and header values anew that an older key of `SECRETS_KEY` has sealed, and tells how many there are. It goes
 * through all webhooks again and again while there are older keys: an instance that has not been started with the new first key yet
 * still seals with another one. It keeps nothing: after a crash the next pass goes on with what is left. Several instances at once do no harm.
 */
export class Resealing {
  private readonly repository: SealedValuesRepository;
  private readonly box: SecretBox;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly gauge: Gauge<'key'>;
  private readonly everyMs: number;
  private readonly ending = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(given: {
    repository: SealedValuesRepository;
    box: SecretBox;
    clock: Clock;
    logger: Logger;
    metrics: MetricsRegistry;
    everyMs?: number;
  }) {
    this.repository = given.repository;
    this.box = given.box;
    this.clock = given.clock;
    this.logger = given.logger;
    this.everyMs = given.everyMs ?? EVERY_MS;
    this.gauge = new Gauge({
      name: 'webhook_sealed_values',
      help: 'Signing secrets and header values in use by the key of SECRETS_KEY that opens them, as the last pass over all webhooks found them',
      labelNames: ['key'],
      registers: [given.metrics],
    });
  }

  /** Begins with a pass at once. Without older keys that is the only one. */
  start(): void {
    this.running = this.repeat();
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  /** Goes through all webhooks once. @throws UnavailableError while MongoDB does not answer */
  async pass(): Promise<void> {
    const counts: Counts = { first: 0, older: 0, none: 0 };
    let resealed = 0;
    let after: string | undefined;
    do {
      const page = await this.repository.page({ after, limit: PAGE_SIZE });
      for (const found of page) {
        if (this.ending.signal.aborted) return;
        const values = this.inUse(found);
        const anew = await this.sealedAnew(found, values);
        if (anew) resealed += 1;
        for (const sealed of sealedIn(anew ?? values)) counts[this.box.sealingKey(sealed)] += 1;
      }
      after = page.length < PAGE_SIZE ? undefined : page.at(-1)?.webhookId;
      if (after !== undefined) await this.pause(PAGE_PAUSE_MS);
    } while (after !== undefined);
    this.tell(counts, resealed);
  }

  /** What a webhook's values are now; undefined when nothing was to be done, or a change came between: the next pass sees to it. */
  private async sealedAnew(found: SealedValues, values: Values): Promise<Values | undefined> {
    if (!sealedIn(values).some((sealed) => this.box.sealingKey(sealed) === 'older')) return undefined;
    const anew = {
      secrets: values.secrets.map((secret) => this.withFirstKey(secret)),
      headers: values.headers.map((header) => ('sealed' in header ? this.withFirstKey(header) : header)),
    };
    return (await this.repository.replace(found, anew)) ? anew : undefined;
  }

  private withFirstKey<V extends { readonly sealed: string }>(value: V): V {
    const bytes = this.box.open(value.sealed);
    return bytes ? { ...value, sealed: this.box.seal(bytes) } : value;
  }

  private inUse({ secrets, headers }: SealedValues): Values {
    const now = this.clock.now();
    return { secrets: secrets.filter((secret) => isLive(secret, now)), headers };
  }

  private tell(counts: Counts, resealed: number): void {
    for (const key of ['first', 'older', 'none'] as const) this.gauge.set({ key }, counts[key]);
    const { older, none } = counts;
    if (none > 0)
      this.logger.warn({ count: none }, 'no key of SECRETS_KEY opens some signing secrets or header values');
    if (!this.box.hasOlderKeys()) return;
    const rest = older > 0 ? 'the older keys of SECRETS_KEY are still needed' : 'no older key of SECRETS_KEY is needed';
    this.logger.info({ webhooks_resealed: resealed, sealed_with_older: older }, rest);
  }

  private async repeat(): Promise<void> {
    while (!this.ending.signal.aborted) {
      const done = await this.tried();
      if (done && !this.box.hasOlderKeys()) return;
      await this.pause(this.everyMs);
    }
  }

  private async tried(): Promise<boolean> {
    try {
      await this.pass();
      return true;
    } catch (error) {
      this.logger.warn(`sealed values not looked through yet: ${messageOf(error)}`);
      return false;
    }
  }

  /** Ends early when this is stopped. */
  private async pause(ms: number): Promise<void> {
    await pauseFor(ms, undefined, { signal: this.ending.signal }).catch(() => undefined);
  }
}

function sealedIn({ secrets, headers }: Values): readonly string[] {
  return [...secrets, ...headers].flatMap((value: SealedSecret | OwnHeader) =>
    'sealed' in value ? [value.sealed] : [],
  );
}
