import { parentPort, workerData } from 'node:worker_threads';

import { messageOf } from '#libs/domain';
import { createLogger } from '#libs/runtime';

import { createKafka } from '../client/kafka.ts';
import { RecordProducer } from '../produce/record-producer.ts';
import { unpack } from './packed-records.ts';
import type { TrailNews, TrailSettings, TrailTask } from './trail-messages.ts';

/** The thread that writes the trail: takes packs of records, says when each is acknowledged. A write that fails is tried again until it works. */
const settings: TrailSettings = workerData;
const logger = createLogger(settings.app, settings.logLevel);
const kafka = createKafka({ brokers: settings.brokers, clientId: settings.clientId, logger });
const producer = new RecordProducer({ kafka, logger });
const RETRY_MS = 500;
const ending = new AbortController();

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread's port has no origin
const tell = (news: TrailNews): void => parentPort?.postMessage(news);

/** A pack that fails is written again as a whole: readers know records by their ids. */
async function write(number: number, pack: ArrayBuffer): Promise<void> {
  const records = unpack(pack).map(({ key, value }) => ({ topic: settings.topic, key, value }));
  while (!ending.signal.aborted) {
    try {
      await producer.sendAll(records);
      tell({ kind: 'written', number });
      return;
    } catch (error) {
      logger.error({ records: records.length }, `attempts not recorded, their offsets stay open: ${messageOf(error)}`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

parentPort?.on('message', (task: TrailTask) => {
  switch (task.kind) {
    case 'write':
      void write(task.number, task.pack);
      return;
    case 'end':
      ending.abort();
      void producer.close().finally(() => parentPort?.close());
  }
});

await producer.connect();
tell({ kind: 'connected' });
