import { randomUUID } from 'node:crypto';

import { type Catalogue, EventEncoder, loadCatalogue, registryAddress } from '#libs/event-schemas';
import { createKafka, type Kafka } from '#libs/kafka';
import { createLogger, packageRoot, SecretBox } from '#libs/runtime';
import { Store } from '#libs/store';

import { freshKeys } from '../../deploy/local/keys.ts';
import { LogWriter } from '../data/log-writer.ts';
import { ReceiverProcess } from '../receiver/receiver-process.ts';
import { Site } from './site.ts';

/** The workers drain when they are asked to end; nothing is measured then, so that what hangs need not be waited for. */
const DRAIN_LIMIT_MS = '1000';

/** What every scenario works with: the stack that the environment names, a database of its own, the receiver. */
export class Lab {
  readonly prefix = `bench-${randomUUID().slice(0, 8)}-`;
  readonly brokers: readonly string[];
  readonly kafka: Kafka;
  readonly catalogue: Catalogue;
  readonly encoder: EventEncoder;
  readonly env: NodeJS.ProcessEnv;
  readonly secretBox: SecretBox;
  readonly mongodbUri: string;
  readonly receiver: ReceiverProcess;
  readonly writer: LogWriter;

  private constructor(given: { env: NodeJS.ProcessEnv; kafka: Kafka; receiver: ReceiverProcess; writer: LogWriter }) {
    const mongo = new URL(given.env['MONGODB_URI'] ?? '');
    mongo.pathname = `/${this.prefix.slice(0, -1)}`;
    const keys = freshKeys();
    this.mongodbUri = mongo.href;
    this.brokers = brokersIn(given.env);
    this.kafka = given.kafka;
    this.receiver = given.receiver;
    this.writer = given.writer;
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

  static async open(env: NodeJS.ProcessEnv): Promise<Lab> {
    const kafka = createKafka({
      brokers: brokersIn(env),
      clientId: 'bench',
      logger: createLogger('bench', 'silent'),
    });
    return new Lab({ env, kafka, receiver: await ReceiverProcess.start(), writer: await LogWriter.open(kafka) });
  }

  /** Topics and groups for one scenario. */
  site(name: string): Promise<Site> {
    return Site.open(this.kafka, `${this.prefix}${name}-`, this.env);
  }

  /** Event types of the catalogue, those of calls first, and how many those are. */
  eventTypes(): { all: readonly string[]; calls: number } {
    const calls = this.catalogue.resourceTypes.get('call')?.eventTypes.map(({ type }) => type) ?? [];
    const others = [...this.catalogue.eventTypes.keys()].filter((type) => !calls.includes(type));
    return { all: [...calls, ...others], calls: calls.length };
  }

  async close(): Promise<void> {
    await this.writer.close();
    await this.receiver.stop();
    const store = new Store({ uri: this.mongodbUri });
    await store.run(() => store.collection('webhooks').drop()).catch(() => undefined);
    await store.close();
  }
}

function brokersIn(env: NodeJS.ProcessEnv): string[] {
  return (env['KAFKA_BROKERS'] ?? '').split(',').map((broker) => broker.trim());
}
