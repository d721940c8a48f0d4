import { createKafka } from '#libs/kafka';
import { createLogger } from '#libs/runtime';
import { Pool } from 'undici';

import { EVENT_ID_LENGTH, eventNumber } from '../data/event-id.ts';
import type { BareTask } from './message.ts';

/**
 * The loop that one would write in an afternoon, as a process of its own: read a batch, POST each record's raw value, so many at
 * once. No decoding, no matching, no signature, no order, no commit, no log. It is what the product's speed is compared with.
 */

/** In the wire format five bytes of header, then the Avro record, whose first field is the id: a length byte and the text. */
const ID_START = 6;
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
  await consumer.connect();
  await consumer.subscribe({ topic: task.topic, fromBeginning: true });
  let free = task.inFlight;
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
        if (free === 0) await new Promise<void>((resolve) => (wake = resolve));
        free -= 1;
        send(value, done);
      }
      await heartbeat();
    },
  });
}

function senderFor(task: BareTask): (value: Buffer, done: () => void) => void {
  const pool = new Pool(task.origin, { connections: task.inFlight, pipelining: 1 });
  const requestOf = (value: Buffer) => {
    const id = value.toString('latin1', ID_START, ID_START + EVENT_ID_LENGTH);
    const path = task.paths[eventNumber(id) % task.paths.length] ?? '/';
    const headers = ['content-type', 'application/octet-stream', 'webhook-id', id];
    return { path, method: 'POST' as const, headers, body: value };
  };
  if (task.client === 'request') {
    return (value, done) => void pool.request(requestOf(value)).then(({ body }) => body.dump().then(done, done), done);
  }
  return (value, done) =>
    void pool.dispatch(requestOf(value), {
      onRequestStart: () => undefined,
      onResponseStart: () => undefined,
      onResponseData: () => undefined,
      onResponseEnd: done,
      onResponseError: done,
    });
}
