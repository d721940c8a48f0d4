import { type CommitPoint, OffsetTracker } from './offset-tracker.ts';
import type { OffsetRange } from './settled-ranges.ts';

/** A partition this process owns, in one assignment of it. */
export class OwnedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly tracker: OffsetTracker;
  /** Records handed to the handler and not back yet. */
  inFlight = 0;
  /** The time stamp of the first record that may not be taken yet. */
  waitingAt: number | undefined;
  /** What was committed last in this assignment. */
  committed: CommitPoint | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param settledBefore what a former owner settled above the offset it committed. */
  constructor(topic: string, partition: number, settledBefore: readonly OffsetRange[] = []) {
    this.topic = topic;
    this.partition = partition;
    this.tracker = new OffsetTracker(settledBefore);
  }

  get name(): string {
    return slot(this.topic, this.partition);
  }

  /** The time stamp of the oldest record that is not settled, as far as any was seen. */
  get oldestAt(): number | undefined {
    return this.tracker.oldest()?.timestamp ?? this.waitingAt;
  }

  resumeLater(waitMs: number, resume: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(resume, waitMs);
  }

  forget(): void {
    clearTimeout(this.timer);
  }
}

/** The partitions owned now. */
export class PartitionSet {
  private owned = new Map<string, OwnedPartition>();
  /** Forgotten in this assignment: what is in flight of them may still end. */
  private former: OwnedPartition[] = [];
  /** Renewed in this assignment, perhaps before it was known. */
  private renewed = new Set<string>();
  private waiters = new Set<() => void>();

  get empty(): boolean {
    return this.owned.size === 0 && this.former.length === 0;
  }

  get(topic: string, partition: number): OwnedPartition | undefined {
    return this.owned.get(slot(topic, partition));
  }

  /** The partitions of each topic. */
  byTopic(): ReadonlyMap<string, ReadonlySet<number>> {
    const topics = Map.groupBy(this.owned.values(), ({ topic }) => topic);
    return new Map([...topics].map(([topic, owned]) => [topic, new Set(owned.map(({ partition }) => partition))]));
  }

  all(): OwnedPartition[] {
    return [...this.owned.values()];
  }

  /** Replaces what was owned. */
  assign(partitions: readonly OwnedPartition[]): void {
    const known = partitions.map((given) =>
      this.renewed.has(given.name) ? new OwnedPartition(given.topic, given.partition) : given,
    );
    this.clear();
    for (const given of known) this.owned.set(given.name, given);
  }

  /**
   * Forgets how far a partition was read, also what a former owner had settled; a pause of it still ends.
   *
   * @returns false where that was done before in this assignment, and nothing was read since.
   */
  renew(topic: string, partition: number): boolean {
    const anew = new OwnedPartition(topic, partition);
    const known = this.owned.get(anew.name);
    if (this.renewed.has(anew.name) && known?.tracker.end === undefined) return false;
    this.renewed.add(anew.name);
    if (this.drop(topic, partition)) this.owned.set(anew.name, anew);
    return true;
  }

  /** Nothing is taken from a partition any more, and nothing committed; false when it was not owned. */
  drop(topic: string, partition: number): boolean {
    const former = this.get(topic, partition);
    if (!former) return false;
    this.former.push(former);
    return this.owned.delete(former.name);
  }

  clear(): void {
    for (const partition of [...this.owned.values(), ...this.former]) partition.forget();
    this.owned = new Map();
    this.former = [];
    this.renewed.clear();
    this.changed();
  }

  /** Tells those who wait for a drain that something came back. */
  changed(): void {
    for (const check of this.waiters) check();
  }

  /** Waits until nothing is in flight, at most `limitMs`; the number of records still in flight then. */
  drained(limitMs: number): Promise<number> {
    const inFlight = (): number => [...this.all(), ...this.former].reduce((sum, each) => sum + each.inFlight, 0);
    if (inFlight() === 0) return Promise.resolve(0);
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.waiters.delete(check);
        resolve(inFlight());
      };
      const check = (): void => {
        if (inFlight() === 0) end();
      };
      const timer = setTimeout(end, limitMs);
      this.waiters.add(check);
    });
  }
}

function slot(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
