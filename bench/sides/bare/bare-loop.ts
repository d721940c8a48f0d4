import { createKafka } from '#libs/kafka';
import { createLogger } from '#libs/runtime';
import { Pool } from 'undici';

import { EVENT_ID_LENGTH, numberIn } from '../../data/event-id.ts';
import { ID_START } from '../../data/event-values.ts';
import type { BareTask, FromBare } from './message.ts';

/**
 * The loop that one would write in an afternoon, as a process of its own: read a batch, POST each record's raw value, so many at
 * once. No decoding, no matching, no signature, no order, no commit, no log. It is what the product's speed is compared with.
 */

const WAIT_FOR_RECORDS_MS = 500;

process.on('disconnect', () => process.exit(0));
process.on('message', (task: BareTask) => void run(task));

async function run(task: BareTask): Promise<void> {
  const send = senderFor(task);
  const kafka = createKafka({
    brokers: task.brokers,
    clientId: 'bare-loop',
    logger: createLogger('bare-loop', 'silent'),
  });
  const consumer = kafka.consumer({ groupId: task.groupId, maxWaitTimeInMs: WAIT_FOR_RECORDS_MS });
  consumer.on('consumer.group_join', () => process.send?.({ kind: 'joined' } satisfies FromBare));
  await consumer.connect();
  await consumer.subscribe({ topic: task.topic, fromBeginning: true });
  let free = task.connections;
  let wake: (() => void) | undefined;
  const done = (): void => {
    free += 1;
    wake?.();
    wake = undefined;
  };
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch, heartbeat }) => {
      for (const { value } of batch.messages) {
        if (value === null) continue;
        const id = value.toString('latin1', ID_START, ID_START + EVENT_ID_LENGTH);
        for (const path of task.paths[numberIn(id) % task.paths.length] ?? []) {
          if (free === 0) await new Promise<void>((resolve) => (wake = resolve));
          free -= 1;
          send(path, id, value, done);
        }
      }
      await heartbeat();
    },
  });
}

type Send = (path: string, id: string, value: Buffer, done: () => void) => void;

/** By the way of undici's that takes the least time: no promise, no stream for the answer's body. */
function senderFor({ origin, connections }: BareTask): Send {
  const pool = new Pool(origin, { connections, pipelining: 1 });
  return (path, id, body, done) => {
    const headers = ['content-type', 'application/octet-stream', 'webhook-id', id];
    pool.dispatch(
      { path, method: 'POST', headers, body },
      {
        onRequestStart: () => undefined,
        onResponseStart: () => undefined,
        onResponseData: () => undefined,
        onResponseEnd: done,
        onResponseError: done,
      },
    );
  };
}
