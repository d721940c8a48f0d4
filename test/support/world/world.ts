import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AdminApi } from '#libs/client';
import { systemClock } from '#libs/domain';
import {
  type Catalogue,
  EventEncoder,
  fromJson,
  loadCatalogue,
  registryAddress,
  sampleEvent,
} from '#libs/event-schemas';
import { createKafka, type Kafka, type KafkaRecord, OrderedConsumer, RecordProducer } from '#libs/kafka';
import { createLogger, createMetrics, kafkaAccess, readEnvironment } from '#libs/runtime';
import got, { type Got, type Response } from 'got';

import { type App, type AppName, startApp } from '../../../deploy/local/apps.ts';
import { freshKeys } from '../../../deploy/local/keys.ts';
import { freePort } from '../../../deploy/local/ports.ts';
import { type Certificates, makeCertificates } from '../../../deploy/demo/certificates.ts';
import { patientAddress } from '../../../libs/store/testing/database.ts';
import { arrived, Contract } from '../contract/contract.ts';
import { NameServer } from '../dns/name-server.ts';
import { Receiver } from './receiver.ts';

/** A customer, and clients that carry its key. */
export interface TestCustomer {
  readonly id: string;
  /** Answers as they are; a failure is one, too. */
  readonly http: Got;
  readonly api: AdminApi;
  /** Registers a webhook for a path of the receiver. */
  webhook(path: string, eventTypes: readonly string[]): Promise<{ id: string; secret: string }>;
  /** Registers a webhook for any address. */
  webhookAt(url: string, eventTypes: readonly string[]): Promise<{ id: string; secret: string }>;
}

/** What is read from topics, from their beginning. */
export interface Watch {
  /** Resolves with the first record that fits. @throws Error after `limitMs`. */
  next(fits: (record: KafkaRecord) => boolean, limitMs?: number): Promise<KafkaRecord>;
  /** Resolves with the first `count` records that fit. @throws Error after `limitMs`, saying how many there were. */
  gather(count: number, fits: (record: KafkaRecord) => boolean, limitMs?: number): Promise<KafkaRecord[]>;
}

const silent = createLogger('test', 'silent');
/** What is awaited on topics shares the machine with all tests that run. */
const PATIENCE_MS = 60_000;
/** What the admin REST writes with an answer of 500: its cause is told nowhere else, and no test wants one. */
const A_FAULT = '"msg":"request failed"';

/** The apps as processes on the shared stack, with topics and a database of their own, and an HTTPS receiver they can reach. */
export class World {
  readonly prefix = `t${randomUUID().slice(0, 8)}-`;
  readonly catalogue: Catalogue = loadCatalogue(join(import.meta.dirname, '../../../schemas'));
  readonly receiver: Receiver;
  /** Of every endpoint that the apps are to trust. */
  readonly certificates: Certificates;
  /** Whom the apps ask for the addresses of endpoints; it knows no name until it is told. */
  readonly names: NameServer;
  readonly env: NodeJS.ProcessEnv;
  readonly kafka: Kafka;
  readonly producer: RecordProducer;
  readonly encoder: EventEncoder;
  readonly lines: string[] = [];
  private readonly folder: string;
  private readonly apps: App[] = [];
  private readonly consumers: OrderedConsumer[] = [];
  private described: Contract | undefined;

  private constructor(given: {
    receiver: Receiver;
    certificates: Certificates;
    names: NameServer;
    folder: string;
    env: NodeJS.ProcessEnv;
  }) {
    const { receiver, certificates, names, folder, env } = given;
    this.certificates = certificates;
    this.receiver = receiver;
    this.names = names;
    this.folder = folder;
    const mongodbUri = patientAddress(env['MONGODB_URI'] ?? '', this.prefix);
    this.env = { ...env, TOPIC_PREFIX: this.prefix, MONGODB_URI: mongodbUri };
    this.kafka = createKafka({ ...kafkaAccess(readEnvironment(this.env)), clientId: 'test', logger: silent });
    this.producer = new RecordProducer({ kafka: this.kafka, logger: silent, sendTimeoutMs: PATIENCE_MS });
    this.encoder = new EventEncoder(this.catalogue, registryAddress(env['SCHEMA_REGISTRY_URL'] ?? ''));
  }

  /** @param settings environment variables for the apps. */
  static async open(
    settings: NodeJS.ProcessEnv = {},
    apps: readonly AppName[] = ['config', 'delivery', 'retry'],
  ): Promise<World> {
    const certificates = await makeCertificates(Date.now());
    const folder = await mkdtemp(join(tmpdir(), 'webhook-world-'));
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, certificates.caPem);
    const [receiver, names] = await Promise.all([Receiver.open(certificates), NameServer.open()]);
    const env = {
      ...process.env,
      ...freshKeys(),
      TOPIC_REPLICATION: '1',
      TOPIC_MIN_INSYNC_REPLICAS: '1',
      TOPIC_PARTITIONS: '6',
      RETRY_SCHEDULE: '1s,2s',
      MAX_WEBHOOKS: '10000',
      API_RATE: '100000',
      API_BURST: '100000',
      ALLOWED_NETWORKS: '127.0.0.0/8',
      DNS_SERVERS: names.address,
      EXTRA_CA_FILE: caFile,
      LOG_LEVEL: 'warn',
      ...settings,
    };
    const world = new World({ receiver, certificates, names, folder, env });
    const started = await Promise.all(apps.map((name) => world.start(name)));
    await Promise.all(started.map((app) => app.ready()));
    await world.producer.connect();
    if (apps.includes('config')) {
      world.described = new Contract(await got(`${world.app('config').address}/openapi.json`).json());
    }
    return world;
  }

  /** Starts one more app process; await its `ready()`. */
  async start(name: AppName, settings: NodeJS.ProcessEnv = {}): Promise<App> {
    return await this.startAt(await freePort(), name, settings);
  }

  /** Ends an app, and starts it anew in its place with other settings. Resolves when it is ready. */
  async restart(name: AppName, settings: NodeJS.ProcessEnv): Promise<void> {
    const before = this.app(name);
    await before.stop();
    this.apps.splice(this.apps.indexOf(before), 1);
    const after = await this.startAt(Number(new URL(before.address).port), name, settings);
    await after.ready();
  }

  private async startAt(port: number, name: AppName, settings: NodeJS.ProcessEnv): Promise<App> {
    const env = { ...this.env, ...settings };
    const onLine = (line: string): void => {
      this.lines.push(line);
      if (line.includes(A_FAULT)) process.stderr.write(`${name}: ${line}\n`);
    };
    const app = await startApp({ name, port, env, onLine });
    this.apps.push(app);
    return app;
  }

  app(name: AppName): App {
    const app = this.apps.find((candidate) => candidate.name === name);
    if (!app) throw new Error(`no ${name} app runs in this test`);
    return app;
  }

  /** The processes of an app that run. */
  running(name: AppName): App[] {
    return this.apps.filter((app) => app.name === name && app.running());
  }

  /** What the admin REST says of itself. */
  get contract(): Contract {
    if (!this.described) throw new Error('no config app was started with this world');
    return this.described;
  }

  /**
   * A client of the admin REST with a given key; answers of any status are returned, not thrown. One that differs from what the API
   * says of itself is an error.
   */
  http(token: string | undefined): Got {
    return got.extend({
      prefixUrl: this.app('config').address,
      responseType: 'json',
      throwHttpErrors: false,
      retry: { limit: 0 },
      hooks: { afterResponse: [(response) => this.asDescribed(response)] },
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    });
  }

  /** The client that others use, with a given key; nothing is asked twice. */
  api(key: string): AdminApi {
    return new AdminApi({ address: this.app('config').address, key, retries: 0 });
  }

  private asDescribed<T extends Response>(response: T): T {
    const { method } = response.request.options;
    const path = response.requestUrl.pathname;
    const call = this.described?.callOf(method, path);
    const differences = call === undefined ? [] : this.described?.differences(call, arrived(response));
    if (differences !== undefined && differences.length > 0) {
      throw new Error(`${method} ${path} answered otherwise than described: ${differences.join('; ')}`);
    }
    return response;
  }

  operator(): Got {
    return this.http(this.env['OPERATOR_KEY']);
  }

  async customer(name = 'test'): Promise<TestCustomer> {
    const operator = this.api(this.env['OPERATOR_KEY'] ?? '');
    const { id } = await operator.call('createCustomer', { body: { name } });
    const { token } = await operator.call('createAccessKey', { path: { customerId: id }, body: { name } });
    const http = this.http(token);
    const api = this.api(token);
    const webhookAt: TestCustomer['webhookAt'] = (url, eventTypes) =>
      api.call('createWebhook', { body: { url, event_types: eventTypes } });
    return {
      id,
      http,
      api,
      webhook: (path, eventTypes) => webhookAt(this.receiver.origin + path, eventTypes),
      webhookAt,
    };
  }

  /** A sample event as JSON, with fields of its data set. */
  sample(
    type: string,
    customerId: string,
    data: Record<string, unknown> = {},
  ): Record<string, unknown> & { id: string; data: object } {
    const id = randomUUID();
    const sample = sampleEvent(this.catalogue, type, { id, customerId, now: Date.now() });
    return { ...sample, id, data: { ...Object(sample['data']), ...data } };
  }

  /** Puts an event on Kafka as a producer would. */
  async produce(event: Record<string, unknown>): Promise<void> {
    await this.produceBytes(String(event['customer_id']), await this.encoded(event));
  }

  /** An event as a record's value. */
  async encoded(event: Record<string, unknown>): Promise<Buffer> {
    const entry = this.catalogue.resourceTypes.get(String(event['resource_type']));
    if (!entry) throw new Error(`unknown resource type ${String(event['resource_type'])}`);
    const checked = fromJson(entry, event);
    if (!checked.ok) throw new Error(JSON.stringify(checked.details));
    return await this.encoder.encode(entry.resourceType, checked.value);
  }

  async produceBytes(key: string, value: Buffer): Promise<void> {
    await this.producer.send({ topic: `${this.prefix}resource-events`, key, value });
  }

  /** Resolves once the delivery workers' commits of this world's events fit. @throws Error after `limitMs`, with the commits. */
  async committed(
    fits: (offsets: ReadonlyArray<{ partition: number; offset: string; metadata: string | null }>) => boolean,
    limitMs = PATIENCE_MS,
  ): Promise<void> {
    const topic = `${this.prefix}resource-events`;
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const deadline = Date.now() + limitMs;
      for (;;) {
        const [found] = await admin.fetchOffsets({ groupId: `${this.prefix}webhook-delivery`, topics: [topic] });
        const offsets = found?.partitions ?? [];
        if (fits(offsets)) return;
        if (Date.now() > deadline) throw new Error(`no such commit in ${limitMs} ms: ${JSON.stringify(offsets)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      await admin.disconnect();
    }
  }

  /** Reads topics of this world from their beginning. */
  async watch(...topics: readonly string[]): Promise<Watch> {
    const records: KafkaRecord[] = [];
    let wake = Promise.withResolvers<void>();
    const consumer = new OrderedConsumer({
      kafka: this.kafka,
      groupId: `${this.prefix}watch-${randomUUID()}`,
      topics: topics.map((topic) => this.prefix + topic),
      unsettledBytes: 100_000_000,
      unsettledSpan: 1_000_000,
      drainLimitMs: 0,
      maxWaitMs: 100,
      clock: systemClock,
      logger: silent,
      metrics: createMetrics('watch'),
      onCrash: (error) => wake.reject(error),
      handle: (taken) => {
        records.push(...taken);
        wake.resolve();
        wake = Promise.withResolvers();
        return taken.map(() => Promise.resolve({ kind: 'settled' }));
      },
    });
    this.consumers.push(consumer);
    await consumer.start();
    const gather: Watch['gather'] = async (count, fits, limitMs = PATIENCE_MS) => {
      let timer: NodeJS.Timeout | undefined;
      const found: KafkaRecord[] = [];
      const expired = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => {
          const got = `${found.length} of ${count} such records on ${topics.join(', ')} within ${limitMs} ms`;
          reject(new Error(`${got}. The apps said:\n${this.said()}`));
        }, limitMs);
      });
      try {
        for (let looked = 0; ;) {
          found.push(...records.slice(looked).filter(fits));
          looked = records.length;
          if (found.length >= count) return found.slice(0, count);
          await Promise.race([wake.promise, expired]);
        }
      } finally {
        clearTimeout(timer);
      }
    };
    const next: Watch['next'] = async (fits, limitMs) => {
      const [record] = await gather(1, fits, limitMs);
      return record!;
    };
    return { gather, next };
  }

  /** The last lines of the apps, and which of them have ended. */
  said(): string {
    const ended = this.apps.filter((app) => !app.running()).map(({ name }) => `(the ${name} app has ended)`);
    return [...this.lines.slice(-20), ...ended].join('\n');
  }

  async close(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
    await Promise.all(this.apps.map((app) => app.stop()));
    await this.producer.close();
    await this.receiver.close();
    await this.names.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
