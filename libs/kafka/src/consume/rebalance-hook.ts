import { createRequire } from 'node:module';

import type { Assigner, GroupMember, GroupMemberAssignment, PartitionAssigner } from 'kafkajs';

import { PartitionAssigners } from '../client/kafkajs.ts';
import { rotateFetches, type Subscription } from './fetch-rotation.ts';

/** The part of the client's consumer group that the guards use. */
export interface ConsumerGroup {
  readonly subscriptionState: Subscription;
  readonly assigners: readonly Assigner[];
  /** Null before it has joined for the first time. */
  readonly generationId: number | null;
  joinAndSync(): Promise<void>;
  commitOffsets(offsets: {
    topics: Array<{ topic: string; partitions: Array<{ partition: number; offset: string; metadata: string | null }> }>;
  }): Promise<void>;
}

/** What a consumer has to say when it is about to join its group. */
export interface JoinHook {
  /** Called before a consumer (re)joins its group; the join waits for it. */
  beforeJoin(group: ConsumerGroup): Promise<void>;
  /** Whether a join that failed is to be tried again. */
  wanted(): boolean;
}

const AGAIN_AFTER_MS = 250;

const hooks = new WeakMap<Assigner, JoinHook>();
let installed = false;

/**
 * kafkajs 2.2.4 announces a rebalance but does not wait for anybody before it joins again. This makes the join wait for `beforeJoin`.
 * After a join that failed (the coordinator is loading, the connection broke) it fetches with its former assignment, and would hear that
 * it is no member any more by a heartbeat alone, which it sends neither without a member id nor while records come: it is made to join
 * again instead. The assigner is the one object of ours that the client's group holds, so it carries the hook.
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
  const original = groupClass.prototype.joinAndSync;
  if (typeof original !== 'function') throw new Error('kafkajs changed inside: its rebalance guard no longer fits');
  groupClass.prototype.joinAndSync = async function guarded(this: ConsumerGroup): Promise<void> {
    const known = this.assigners.flatMap((assigner) => hooks.get(assigner) ?? []);
    for (const hook of known) await hook.beforeJoin(this);
    rotateFetches(this.subscriptionState);
    const again = (): boolean => this.generationId !== null && known.some((hook) => hook.wanted());
    await insist(() => original.call(this), again);
  };
  installed = true;
}

/** @param again whether an attempt that failed for a reason that may pass is followed by another one. */
async function insist(join: () => Promise<void>, again: () => boolean): Promise<void> {
  for (;;) {
    try {
      return await join();
    } catch (error) {
      if (Reflect.get(Object(error), 'retriable') !== true || !again()) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
  }
}
