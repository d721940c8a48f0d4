import { UnavailableError, type WebhookEvent } from '#libs/domain';
import type { EventCodec } from '#libs/event-schemas';
import { type KafkaRecord, type PartitionLog, type PartitionReader, type TopicPlan } from '#libs/kafka';
import type { AttemptRepository, ReplaySource } from '#libs/store';

import type { HandingOver } from './handing-over.ts';
import type { ReplayedWebhook, ReplayedWebhooks } from './replayed-webhook.ts';
import type { ReplayRun } from './replay-run.ts';
import { DONE, type ReplayWork, STOPPED, type WorkEnd } from './work.ts';

type LogSource = Extract<ReplaySource, { kind: 'log' }>;

/** An event of the replay's customer, with the record that holds it. */
interface Candidate {
  readonly record: KafkaRecord;
  readonly event: WebhookEvent;
}

/** How long what was only read may go unnoted: reading it again does no harm. */
const NOTE_EVERY_MS = 1_000;
const LEFT_THE_LOG: WorkEnd = {
  kind: 'failed',
  message: 'what comes next has left the log since the replay was asked for',
};

/** What replays of the log are built on. */
export interface LogReplayParts {
  readonly log: Pick<PartitionLog, 'bounds'>;
  readonly reader: PartitionReader;
  readonly codec: EventCodec;
  readonly webhooks: ReplayedWebhooks;
  readonly attempts: AttemptRepository;
  readonly plan: TopicPlan;
  readonly handingOver: (run: ReplayRun) => HandingOver;
}

/** Reads a customer's part of the log again, and hands over what the webhook is to get once more. */
export class LogReplay implements ReplayWork {
  private readonly parts: LogReplayParts;

  constructor(parts: LogReplayParts) {
    this.parts = parts;
  }

  async run(run: ReplayRun): Promise<WorkEnd> {
    const { source } = run.replay;
    if (source.kind !== 'log') throw new TypeError(`a replay of ${source.kind} is not read from the log`);
    const { log, reader, plan } = this.parts;
    const from = Number(run.progress.cursor ?? source.from);
    const { start } = await log.bounds(source.partition);
    if (from < Math.min(start, source.to)) return LEFT_THE_LOG;
    const reading = new LogReading(this.parts, run, source, from);
    const span = { topic: plan.events.name, partition: source.partition, from, to: source.to };
    await reader.read(span, (records, next) => reading.take(records, next), run.signal);
    await reading.note();
    return run.wanted ? reading.end : STOPPED;
  }
}

/** One worker's reading of one replay's span. */
class LogReading {
  end: WorkEnd = DONE;
  private readonly parts: LogReplayParts;
  private readonly run: ReplayRun;
  private readonly source: LogSource;
  private readonly over: HandingOver;
  private readonly webhook: () => Promise<ReplayedWebhook>;
  private noted = performance.now();
  /** The offset behind what was read. */
  private following: number;

  constructor(parts: LogReplayParts, run: ReplayRun, source: LogSource, from: number) {
    this.parts = parts;
    this.run = run;
    this.source = source;
    this.following = from;
    this.over = parts.handingOver(run);
    this.webhook = parts.webhooks.watch(run.replay.webhookId, source.eventTypes);
  }

  /** Takes records in steps; false when there is no use in reading on. @throws UnavailableError */
  async take(records: readonly KafkaRecord[], next: number): Promise<boolean> {
    if (await this.hasMissed(records[0]?.offset ?? next)) {
      this.end = LEFT_THE_LOG;
      return false;
    }
    this.following = Math.max(this.following, next);
    const own = records.filter((record) => this.concerns(record));
    for (let first = 0; first < own.length; first += this.over.step) {
      const step = own.slice(first, first + this.over.step);
      const following = own[first + step.length];
      if (!(await this.takeStep(step, following?.offset ?? next))) return false;
    }
    if (own.length === 0) await this.progressTo(next, { matched: 0, sent: 0 });
    return this.run.wanted;
  }

  /** Stores what was read, where that has not been done yet. @throws UnavailableError */
  async note(): Promise<void> {
    if (this.run.wanted) await this.run.advance(this.run.progress);
  }

  /** The client goes on silently behind records that were removed. Not every gap is one: marks of transactions leave gaps, too. */
  private async hasMissed(first: number): Promise<boolean> {
    if (first <= this.following) return false;
    const { start } = await this.parts.log.bounds(this.source.partition);
    return start > this.following;
  }

  private async takeStep(step: readonly KafkaRecord[], next: number): Promise<boolean> {
    const webhook = await this.webhook();
    if (webhook.kind === 'gone') {
      this.end = { kind: 'failed', message: webhook.message };
      return false;
    }
    const matched = await this.notDelivered((await this.decoded(step)).filter(({ event }) => webhook.wants(event)));
    const replayed = this.source.dryRun ? [] : matched.map(({ record }) => ({ record, origin: record }));
    if (!(await this.over.send(replayed))) return false;
    await this.progressTo(next, { matched: matched.length, sent: replayed.length });
    await this.over.rest({ looked: step.length, sent: replayed.length });
    return this.run.wanted;
  }

  /** What was handed over is noted at once, so that a crash repeats one step at most. */
  private async progressTo(next: number, more: { matched: number; sent: number }): Promise<void> {
    const { matched, sent } = this.run.progress;
    const progress = {
      cursor: String(next),
      read: next - this.source.from,
      matched: matched + more.matched,
      sent: sent + more.sent,
    };
    if (more.sent > 0 || performance.now() - this.noted >= NOTE_EVERY_MS) {
      await this.run.advance(progress);
      this.noted = performance.now();
    } else {
      this.run.progress = progress;
    }
  }

  private concerns({ key, value, timestamp }: KafkaRecord): boolean {
    const { since, until } = this.source;
    return value !== null && key?.toString() === this.run.replay.customerId && timestamp >= since && timestamp < until;
  }

  /** Those that can be read; the others are among the rejected events. */
  private async decoded(step: readonly KafkaRecord[]): Promise<Candidate[]> {
    const candidates: Candidate[] = [];
    for (const record of step) {
      if (record.value === null) continue;
      const decoded = await this.parts.codec.decode(record.value);
      if (decoded.kind === 'unavailable') {
        throw new UnavailableError('schema_registry', decoded.cause.message, { cause: decoded.cause });
      }
      if (decoded.kind === 'event' && decoded.event.customerId === this.run.replay.customerId) {
        candidates.push({ record, event: decoded.event });
      }
    }
    return candidates;
  }

  private async notDelivered(candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
    if (this.source.only === 'all') return candidates;
    const ids = candidates.map(({ event }) => event.id);
    const delivered = await this.parts.attempts.deliveredAmong(this.run.replay.webhookId, ids);
    return candidates.filter(({ event }) => !delivered.has(event.id));
  }
}
