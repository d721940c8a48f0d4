import { randomUUID } from 'node:crypto';

import { type AppName, APP_NAMES } from '../../../deploy/local/apps.ts';
import { freshKeys } from '../../../deploy/local/keys.ts';
import { freePort } from '../../../deploy/local/ports.ts';
import { patientAddress } from '../../../libs/store/testing/database.ts';
import type { TestStack } from '../../support/stack/acquire-stack.ts';
import { eventually } from '../../support/world/eventually.ts';
import { Container, type Image } from './container.ts';

const READY_WITHIN_MS = 120_000;

/** An app that runs as a container. */
export interface ContainedApp {
  readonly container: Container;
  readonly address: string;
}

/** All apps as containers of one image on a stack, with topics and a database of their own. */
export class Installation {
  readonly settings: Readonly<Record<string, string>>;
  private readonly image: Image;
  private readonly apps = new Map<AppName, ContainedApp>();

  constructor(image: Image, stack: TestStack) {
    const prefix = `i${randomUUID().slice(0, 8)}-`;
    this.image = image;
    this.settings = {
      ...freshKeys(),
      KAFKA_BROKERS: stack.kafkaBrokers,
      SCHEMA_REGISTRY_URL: stack.schemaRegistryUrl,
      MONGODB_URI: patientAddress(stack.mongodbUri, prefix),
      TOPIC_PREFIX: prefix,
      TOPIC_REPLICATION: '1',
      TOPIC_MIN_INSYNC_REPLICAS: '1',
      TOPIC_PARTITIONS: '2',
      RETRY_SCHEDULE: '1s,2s',
      ALLOW_HTTP_ENDPOINTS: 'true',
      ALLOWED_NETWORKS: '127.0.0.0/8',
      LOG_LEVEL: 'warn',
    };
  }

  /** Does what comes before a rollout, then starts every app and waits until each is ready. @throws Error with what a program said. */
  async start(): Promise<void> {
    const prepare = await Container.start(this.image, ['dist/apps/config/src/prepare.js'], this.settings);
    const { code } = await prepare.exited;
    if (code !== 0) throw new Error(`preparing ended with ${code}: ${await prepare.output}`);
    await Promise.all(APP_NAMES.map((name) => this.startApp(name)));
  }

  app(name: AppName): ContainedApp {
    const app = this.apps.get(name);
    if (!app) throw new Error(`${name} was not started`);
    return app;
  }

  async kill(): Promise<void> {
    await Promise.all([...this.apps.values()].map(({ container }) => container.kill()));
  }

  private async startApp(name: AppName): Promise<void> {
    const port = String(await freePort());
    const address = `http://127.0.0.1:${port}`;
    const settings = { ...this.settings, HTTP_PORT: port, HEALTH_PORT: port };
    const container = await Container.start(this.image, [`dist/apps/${name}/src/main.js`], settings);
    this.apps.set(name, { container, address });
    let gone = false;
    void container.exited.then(() => (gone = true));
    await eventually(
      async () => {
        if (gone) throw new Error(`${name} ended before it was ready: ${await container.output}`);
        return fetch(`${address}/health/ready`).then(
          ({ status }) => status,
          () => undefined,
        );
      },
      (status) => status === 200,
      READY_WITHIN_MS,
    );
  }
}
