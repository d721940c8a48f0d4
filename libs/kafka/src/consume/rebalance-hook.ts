import { createRequire } from 'node:module';

import type { Assigner, GroupMember, GroupMemberAssignment, PartitionAssigner } from 'kafkajs';

import { PartitionAssigners } from '../client/kafkajs.ts';
import { rotateFetches, type Subscription } from './fetch-rotation.ts';

/** The part of the client's consumer group that the guards use. */
export interface ConsumerGroup {
  readonly subscriptionState: Subscription;
  readonly assigners: readonly Assigner[];
  joinAndSync(): Promise<void>;
  commitOffsets(offsets: {
    topics: Array<{ topic: string; partitions: Array<{ partition: number; offset: string; metadata: string | null }> }>;
  }): Promise<void>;
}

/** Called before a consumer (re)joins its group; the join waits for it. */
export type BeforeJoin = (group: ConsumerGroup) => Promise<void>;

const hooks = new WeakMap<Assigner, BeforeJoin>();
let installed = false;

/**
 * kafkajs 2.2.4 announces a rebalance but does not wait for anybody before it joins again. This makes the join wait for `beforeJoin`.
 * The assigner is the one object of ours that the client's group holds, so it carries the hook.
 *
 * @throws Error when the pinned client's inside no longer looks like this.
 */
export function assignerWithHook(beforeJoin: BeforeJoin): PartitionAssigner {
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
    hooks.set(assigner, beforeJoin);
    return assigner;
  };
}

function install(): void {
  if (installed) return;
  const groupClass: { prototype: ConsumerGroup } = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup');
  const original = groupClass.prototype.joinAndSync;
  if (typeof original !== 'function') throw new Error('kafkajs changed inside: its rebalance guard no longer fits');
  groupClass.prototype.joinAndSync = async function guarded(this: ConsumerGroup): Promise<void> {
    for (const assigner of this.assigners) await hooks.get(assigner)?.(this);
    rotateFetches(this.subscriptionState);
    await original.call(this);
  };
  installed = true;
}
