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
  /** Whether a join that failed for a reason that may pass is to be tried again. */
  again(failure: unknown): boolean;
}

const AGAIN_AFTER_MS = 250;

const hooks = new WeakMap<Assigner, JoinHook>();
let installed = false;

/**
 * kafkajs 2.2.4 announces a rebalance but does not wait for anybody before it joins again. This makes the join wait for `beforeJoin`.
 * After a join that failed it fetches with its former assignment, and would learn by a heartbeat alone that it has to join: it sends none
 * without a member id, and a coordinator that was away for a moment and has loaded the group as it was answers them well. It is made to
 * join again instead. The assigner is the one object of ours that the client's group holds, so it carries the hook.
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
    const again = (failure: unknown): boolean =>
      this.generationId !== null && known.some((hook) => hook.again(failure));
    await insist(() => original.call(this), again);
  };
  installed = true;
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
