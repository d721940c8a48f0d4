import { parentPort, workerData } from 'node:worker_threads';

// A thread has a copy of its own of everything it loads: the whole library would take tens of megabytes.
import { createLogger } from '#libs/runtime/logger';

import { createKafka } from '../client/kafka.ts';
import { unpack } from './packed-records.ts';
import type { ProducerNews, ProducerSettings, ProducerTask } from './producer-messages.ts';
import { isTooLargeError, RecordProducer } from './record-producer.ts';

/** The thread of a producer: takes packs of records, says of each pack when it is acknowledged, and which of its records failed. */
const settings: ProducerSettings = workerData;
const logger = createLogger(settings.app, settings.logLevel);
const kafka = createKafka({ ...settings, logger });
const producer = new RecordProducer({ kafka, logger });

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread's port has no origin
const tell = (news: ProducerNews): void => parentPort?.postMessage(news);

async function write(number: number, pack: ArrayBuffer): Promise<void> {
  const failed = await producer.sendEach(unpack(pack));
  const failures = failed.map(({ index, error }) => ({
    index,
    tooLarge: isTooLargeError(error),
    message: error.message,
  }));
  tell({ kind: 'written', number, failures });
}

parentPort?.on('message', (task: ProducerTask) => {
  switch (task.kind) {
    case 'write':
      void write(task.number, task.pack);
      return;
    case 'end':
      void producer.close().finally(() => parentPort?.close());
  }
});

await producer.connect();
tell({ kind: 'connected' });
