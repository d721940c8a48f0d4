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
import { createCustomer, type DemoCustomer } from './customer.ts';
import { Books, type DemoWebhook, type Summary } from './books.ts';
import { CAST } from './cast.ts';
import { makeCertificates } from './certificates.ts';
import { type Delivery, Endpoint } from './endpoint.ts';
import { LiveTable } from './live-table.ts';
import { EventProducer } from './producer.ts';
import { type CustomerName, story } from './story.ts';
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

/** Plays the demo on the stack that the environment names; the exit code: 0 when nothing was lost and every signature was right. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const table = new LiveTable(process.stdout);
  const tally = new Tally();
  const producedAt = new Map<string, { at: number; type: string }>();
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
    const address = apps.find(({ name }) => name === 'config')?.address ?? '';
    const { customers, webhooks } = await register(
      (name) => createCustomer(address, env.OPERATOR_KEY, name),
      endpoint,
      origin,
    );
    books = new Books(webhooks, ({ part }, letter) =>
      table.deadLetter(letter.event_type ?? 'unreadable', part.name, letter.attempts),
    );
    books.follow();
    await producer.connect();
    const events = new EventProducer({
      catalogue: loadCatalogue(join(root, 'schemas')),
      registryUrl: process.env['SCHEMA_REGISTRY_URL'] ?? '',
      producer,
      topic: `${options.topicPrefix}resource-events`,
      clock: systemClock,
    });
    do {
      for (const scene of story()) {
        if (options.signal.aborted) break;
        await events.produce(scene, customers.get(scene.customer)?.id ?? '', (id) => {
          producedAt.set(id, { at: performance.now(), type: scene.type });
          tally.produced(id, scene.customer, scene.type);
        });
        await delay(scene.pauseMs);
      }
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
  return summary.lost > 0 || summary.wrongSignatures > 0 ? 1 : 0;
}

async function register(
  create: (name: CustomerName) => Promise<DemoCustomer>,
  endpoint: Endpoint,
  origin: string,
): Promise<{ customers: Map<CustomerName, DemoCustomer>; webhooks: DemoWebhook[] }> {
  const customers = new Map<CustomerName, DemoCustomer>();
  const webhooks: DemoWebhook[] = [];
  for (const part of CAST) {
    const customer = customers.get(part.customer) ?? (await create(part.customer));
    customers.set(part.customer, customer);
    const { id, secret } = await customer.api.call('createWebhook', {
      body: { url: origin + part.path, event_types: part.eventTypes },
    });
    endpoint.expectSecret(part.path, secret);
    webhooks.push({ id, part, customer });
  }
  return { customers, webhooks };
}

function showDelivery(
  delivery: Delivery,
  table: LiveTable,
  tally: Tally,
  producedAt: ReadonlyMap<string, { at: number; type: string }>,
): void {
  tally.requested(delivery);
  table.delivery(delivery, performance.now() - (producedAt.get(delivery.eventId)?.at ?? performance.now()));
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
  if (summary.wrongSignatures > 0) lines.push(`wrong_signatures: ${summary.wrongSignatures}`);
  process.stdout.write(`\n${lines.join('\n')}\n`);
}
