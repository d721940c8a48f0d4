import { randomUUID } from 'node:crypto';

import { type Catalogue, EventEncoder, loadCatalogue, registryAddress } from '#libs/event-schemas';
import { createKafka, type Kafka } from '#libs/kafka';
import { createLogger, packageRoot, SecretBox } from '#libs/runtime';
import { Store } from '#libs/store';

import { freshKeys } from '../../deploy/local/keys.ts';
import { EventValues } from '../data/event-values.ts';
import { seedWebhooks } from '../data/webhook-seed.ts';
import type { PlannedWebhook, Workload } from '../data/workload.ts';
import { ReceiverProcess } from '../receiver/receiver-process.ts';
import { Site } from './site.ts';

/** Nothing is measured while a worker ends, so that what hangs need not be waited for long. */
const DRAIN_LIMIT_MS = '1000';

/** What every scenario works with: the stack that the environment names, a database of its own, the receiver. */
export class Lab {
  readonly prefix = `bench-${randomUUID().slice(0, 8)}-`;
  readonly brokers: readonly string[];
  readonly receiver: ReceiverProcess;
  private readonly kafka: Kafka;
  private readonly catalogue: Catalogue;
  private readonly encoder: EventEncoder;
  private readonly env: NodeJS.ProcessEnv;
  private readonly secretBox: SecretBox;
  private readonly mongodbUri: string;
  private lastSeries = 0;

  private constructor(given: { env: NodeJS.ProcessEnv; kafka: Kafka; receiver: ReceiverProcess }) {
    const mongo = new URL(given.env['MONGODB_URI'] ?? '');
    mongo.pathname = `/${this.prefix.slice(0, -1)}`;
    const keys = freshKeys();
    this.mongodbUri = mongo.href;
    this.brokers = brokersIn(given.env);
    this.kafka = given.kafka;
    this.receiver = given.receiver;
    this.catalogue = loadCatalogue(`${packageRoot()}/schemas`);
    this.encoder = new EventEncoder(this.catalogue, registryAddress(given.env['SCHEMA_REGISTRY_URL'] ?? ''));
    this.secretBox = new SecretBox([Buffer.from(keys.SECRETS_KEY, 'base64')]);
    this.env = {
      ...given.env,
      ...keys,
      MONGODB_URI: this.mongodbUri,
      ALLOW_HTTP_ENDPOINTS: 'true',
      ALLOWED_NETWORKS: '127.0.0.0/8',
      LOG_LEVEL: 'warn',
      DRAIN_LIMIT_MS,
    };
  }

  /** Connects to the stack and starts the receiver. */
  static async open(env: NodeJS.ProcessEnv): Promise<Lab> {
    const logger = createLogger('bench', 'silent');
    const kafka = createKafka({ brokers: brokersIn(env), clientId: 'bench', logger });
    return new Lab({ env, kafka, receiver: await ReceiverProcess.start() });
  }

  /** Topics and groups for one scenario. */
  site(name: string): Promise<Site> {
    return Site.open(this.kafka, `${this.prefix}${name}-`, this.env);
  }

  /** The values of a workload's events. */
  values(workload: Workload): Promise<EventValues> {
    return EventValues.of(workload, this.catalogue, this.encoder);
  }

  /** A number that no other run has. */
  nextSeries(): number {
    return ++this.lastSeries;
  }

  /** A group that no other run has, for a side that is not the product. */
  nextGroup(): string {
    return `${this.prefix}${randomUUID().slice(0, 8)}`;
  }

  /** Every event type of the catalogue, those of calls first. */
  eventTypes(): readonly string[] {
    const calls = this.catalogue.resourceTypes.get('call')?.eventTypes.map(({ type }) => type) ?? [];
    const others = [...this.catalogue.eventTypes.keys()].filter((type) => !calls.includes(type));
    return [...calls, ...others];
  }

  /** Puts webhooks into the store. */
  async seed(webhooks: readonly PlannedWebhook[]): Promise<void> {
    const { origin, otherOrigin } = this.receiver;
    const given = {
      mongodbUri: this.mongodbUri,
      secretBox: this.secretBox,
      origins: { first: origin, other: otherOrigin },
    };
    await seedWebhooks(webhooks, given);
  }

  /** Ends the receiver and removes the webhooks. */
  async close(): Promise<void> {
    await this.receiver.stop();
    const admin = this.kafka.admin();
    await admin.connect();
    const groups = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
    const ours = groups.filter((groupId) => groupId.startsWith(this.prefix));
    if (ours.length > 0) await admin.deleteGroups(ours).catch(() => undefined);
    await admin.disconnect();
    const store = new Store({ uri: this.mongodbUri });
    await store.run(() => store.collection('webhooks').drop()).catch(() => undefined);
    await store.close();
  }
}

function brokersIn(env: NodeJS.ProcessEnv): string[] {
  return (env['KAFKA_BROKERS'] ?? '').split(',').map((broker) => broker.trim());
}
