import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { systemClock } from '#libs/domain';
import { loadCatalogue } from '#libs/event-schemas';
import { createKafka, RecordProducer } from '#libs/kafka';
import { createLogger } from '#libs/runtime';

import { type App, APP_NAMES, startApp } from '../local/apps.ts';
import { freshKeys } from '../local/keys.ts';
import { root } from '../local/places.ts';
import { freePort } from '../local/ports.ts';
import { Books } from './books.ts';
import { makeCertificates } from './certificates.ts';
import { type Delivery, Endpoint } from './endpoint.ts';
import { LiveTable } from './live-table.ts';
import { Stage } from './stage.ts';
import type { Summary } from './summary.ts';
import { EventProducer } from './producer.ts';
import { Tally } from './tally.ts';

export interface DemoOptions {
  /** Play the story once, then end with a summary. */
  readonly once: boolean;
  /** Aborted when the demo is asked to end. */
  readonly signal: AbortSignal;
  readonly topicPrefix: string;
  /** Writes the demo's certificate authority to a file; its path. */
  readonly writeCa: (pem: string) => Promise<string>;
}

const RETRY_SCHEDULE = '1s,2s';
/** How long the end waits for what is under way, and for the ledger to tell of it. */
const CLOSE_LIMIT_MS = 20_000;
const BETWEEN_STORIES_MS = 3_000;

/**
 * Plays the demo on the stack that the environment names; the exit code: 0 when nothing was lost and every signature was right, and, of a
 * demo that ends by itself, nothing was left waiting.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const table = new LiveTable(process.stdout);
  const tally = new Tally();
  const producedAt = new Map<string, number>();
  const certificates = await makeCertificates(Date.now());
  const endpoint = new Endpoint(certificates, (delivery) => showDelivery(delivery, table, tally, producedAt));
  const origin = await endpoint.open();
  const env = {
    ...process.env,
    ...freshKeys(),
    EXTRA_CA_FILE: await options.writeCa(certificates.caPem),
    ALLOWED_NETWORKS: '127.0.0.0/8',
    RETRY_SCHEDULE,
    TOPIC_PREFIX: options.topicPrefix,
    LOG_LEVEL: 'error',
  };
  const logger = createLogger('demo', 'silent');
  const kafka = createKafka({ brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'demo', logger });
  const producer = new RecordProducer({ kafka, logger });
  const apps: App[] = [];
  let books: Books | undefined;
  let summary: Summary;
  try {
    for (const name of APP_NAMES) {
      apps.push(
        await startApp({
          name,
          port: await freePort(),
          env,
          onLine: (line) => process.stderr.write(`${name}: ${line}\n`),
        }),
      );
    }
    await Promise.all(apps.map((app) => app.ready()));
    await producer.connect();
    const events = new EventProducer({
      catalogue: loadCatalogue(join(root, 'schemas')),
      registryUrl: process.env['SCHEMA_REGISTRY_URL'] ?? '',
      producer,
      topic: `${options.topicPrefix}resource-events`,
      clock: systemClock,
    });
    const address = apps.find(({ name }) => name === 'config')?.address ?? '';
    const stage = await Stage.prepare({ address, operatorKey: env.OPERATOR_KEY, endpoint, origin, events });
    books = new Books(stage.webhooks, ({ part }, letter) =>
      table.deadLetter(letter.event_type ?? 'unreadable', part.name, letter.attempts),
    );
    books.follow();
    do {
      await stage.tell(options.signal, (id, { customer, type }) => {
        producedAt.set(id, performance.now());
        tally.produced(id, customer, type);
      });
      if (!options.once) await delay(BETWEEN_STORIES_MS, undefined, { signal: options.signal }).catch(() => undefined);
    } while (!options.once && !options.signal.aborted);
    summary = await books.close(tally, CLOSE_LIMIT_MS);
  } finally {
    table.done();
    await books?.stop();
    await Promise.all(apps.map((app) => app.stop()));
    await producer.close();
    await endpoint.close();
  }
  printSummary(summary);
  const unfinished = options.once && summary.waiting > 0;
  return summary.lost > 0 || unfinished || summary.wrongSignatures > 0 ? 1 : 0;
}

function showDelivery(
  delivery: Delivery,
  table: LiveTable,
  tally: Tally,
  producedAt: ReadonlyMap<string, number>,
): void {
  tally.requested(delivery);
  const now = performance.now();
  table.delivery(delivery, now - (producedAt.get(delivery.eventId) ?? now));
}

function printSummary(summary: Summary): void {
  const lines = [
    `events: ${summary.events}`,
    `deliveries: ${summary.deliveries}`,
    `retried: ${summary.retried}`,
    `dead_letters: ${summary.deadLetters}`,
    `duplicates: ${summary.duplicates}`,
    `lost: ${summary.lost}`,
  ];
  if (summary.waiting > 0) lines.push(`waiting: ${summary.waiting} (for their next attempt when the demo was ended)`);
  if (summary.wrongSignatures > 0) lines.push(`wrong_signatures: ${summary.wrongSignatures}`);
  process.stdout.write(`\n${lines.join('\n')}\n`);
}
