import { createRequire } from 'node:module';

import type { Assigner, GroupMember, GroupMemberAssignment, PartitionAssigner } from 'kafkajs';

import { PartitionAssigners } from '../client/kafkajs.ts';
import { rotateFetches, type Subscription } from './fetch-rotation.ts';

/** What the client hands over, or skips by itself where nothing of it is to be seen: aborted transactions, their marks. */
interface FetchedBatch {
  isEmptyDueToFiltering(): boolean;
}

/** The part of the client's consumer group that the guards use. */
export interface ConsumerGroup {
  readonly subscriptionState: Subscription;
  readonly assigners: readonly Assigner[];
  /** Null before it has joined for the first time. */
  readonly generationId: number | null;
  joinAndSync(): Promise<void>;
  /** One request to one broker. */
  fetch(nodeId: number): Promise<FetchedBatch[]>;
  /** Has the position in a partition begin anew. */
  recoverFromOffsetOutOfRange(refused: { topic: string; partition: number }): Promise<void>;
  commitOffsets(offsets: {
    topics: Array<{ topic: string; partitions: Array<{ partition: number; offset: string; metadata: string | null }> }>;
  }): Promise<void>;
}

/** What a consumer has to say when it is about to join its group. */
export interface JoinHook {
  /** Called before a consumer (re)joins its group; the join waits for it. */
  beforeJoin(group: ConsumerGroup): Promise<void>;
  /** Whether a join that failed for a reason that may pass is to be tried again. */
  again(failure: unknown): boolean;
  /** Stands for the assignment that a fetch begins in. */
  assignment(): object;
  /** Called when a broker does not have the position in a partition, before the client begins where the log does. */
  outOfRange(topic: string, partition: number): void;
}

const AGAIN_AFTER_MS = 250;
/** While the group is being joined, other fetches rest for so long at a time, and then have the client send its heartbeat. */
const REST_MS = 500;

const hooks = new WeakMap<Assigner, JoinHook>();
const assignments = new WeakMap<object, object>();
const joins = new WeakMap<ConsumerGroup, Promise<void>>();
let installed = false;

/** In which assignment a batch was asked for: what the consumer's `assignment` answered then. */
export function assignmentOf(batch: object): object | undefined {
  return assignments.get(batch);
}

/**
 * kafkajs 2.2.4 announces a rebalance but does not wait for anybody before it joins again. This makes the join wait for `beforeJoin`.
 * After a join that failed it fetches with its former assignment, and would learn by a heartbeat alone that it has to join: it sends none
 * without a member id, and a coordinator that was away for a moment and has loaded the group as it was answers them well. It is made to
 * join again instead. It reads from each broker by itself, and whoever meets a rebalance joins, while a request to another broker is
 * under way: so one join is made for all of them, and each batch remembers in which assignment it was asked for. And it moves back by
 * itself, and silently, in a log that was made anew. The assigner is the one object of ours that the client's group holds, so it carries
 * the hook.
 *
 * @throws Error when the pinned client's inside no longer looks like this.
 */
export function assignerWithHook(hook: JoinHook): PartitionAssigner {
  install();
  return (config): Assigner => {
    const inner = PartitionAssigners.roundRobin(config);
    const assigner: Assigner = {
      name: inner.name,
      version: inner.version,
      assign: (group: { members: GroupMember[]; topics: string[] }): Promise<GroupMemberAssignment[]> =>
        inner.assign(group),
      protocol: (subscription) => inner.protocol(subscription),
    };
    hooks.set(assigner, hook);
    return assigner;
  };
}

function install(): void {
  if (installed) return;
  const groupClass: { prototype: ConsumerGroup } = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup');
  const { joinAndSync, fetch, recoverFromOffsetOutOfRange } = groupClass.prototype;
  if ([joinAndSync, fetch, recoverFromOffsetOutOfRange].some((method) => typeof method !== 'function')) {
    throw new Error('kafkajs changed inside: its rebalance guard no longer fits');
  }
  groupClass.prototype.joinAndSync = function joinOnce(this: ConsumerGroup): Promise<void> {
    const underWay = joins.get(this);
    if (underWay) return underWay;
    const join = guarded(this, () => joinAndSync.call(this)).finally(() => joins.delete(this));
    joins.set(this, join);
    return join;
  };
  groupClass.prototype.fetch = async function remembered(this: ConsumerGroup, nodeId: number): Promise<FetchedBatch[]> {
    const [hook] = hooksOf(this);
    if (!hook) return fetch.call(this, nodeId);
    const join = joins.get(this);
    if (join) {
      const rest = new Promise<void>((resolve) => setTimeout(resolve, REST_MS));
      await Promise.race([join.catch(() => undefined), rest]);
      return [];
    }
    const assignment = hook.assignment();
    const batches = await fetch.call(this, nodeId);
    for (const batch of batches) remember(batch, assignment, hook);
    return batches;
  };
  groupClass.prototype.recoverFromOffsetOutOfRange = async function told(this: ConsumerGroup, refused): Promise<void> {
    const { topic, partition } = refused;
    const isOurs = this.subscriptionState
      .assigned()
      .some((of) => of.topic === topic && of.partitions.includes(partition));
    // Otherwise the position was one of the former assignment.
    if (joins.has(this) || !isOurs) return;
    for (const hook of hooksOf(this)) hook.outOfRange(topic, partition);
    return recoverFromOffsetOutOfRange.call(this, refused);
  };
  installed = true;
}

/** The client skips a batch of which nothing is to be seen, by itself: one of an earlier assignment must not move the position of this one. */
function remember(batch: FetchedBatch, assignment: object, hook: JoinHook): void {
  assignments.set(batch, assignment);
  const isFiltered = batch.isEmptyDueToFiltering.bind(batch);
  batch.isEmptyDueToFiltering = () => hook.assignment() === assignment && isFiltered();
}

function hooksOf({ assigners }: ConsumerGroup): JoinHook[] {
  return assigners.flatMap((assigner) => hooks.get(assigner) ?? []);
}

async function guarded(group: ConsumerGroup, join: () => Promise<void>): Promise<void> {
  const known = hooksOf(group);
  for (const hook of known) await hook.beforeJoin(group);
  rotateFetches(group.subscriptionState);
  await insist(join, (failure) => group.generationId !== null && known.some((hook) => hook.again(failure)));
}

/** @param again whether an attempt that failed for a reason that may pass is followed by another one. */
async function insist(join: () => Promise<void>, again: (failure: unknown) => boolean): Promise<void> {
  for (;;) {
    try {
      return await join();
    } catch (error) {
      if (Reflect.get(Object(error), 'retriable') !== true || !again(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
  }
}
