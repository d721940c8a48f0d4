import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { AdminApi } from '#libs/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook as Verifier } from 'standardwebhooks';

import { createCustomer } from '../../../deploy/demo/customer.ts';
import { APP_NAMES } from '../../../deploy/local/apps.ts';
import { root } from '../../../deploy/local/places.ts';
import { freePort } from '../../../deploy/local/ports.ts';
import { listen } from '../../support/listen.ts';
import { acquireStack, type TestStack } from '../../support/stack/acquire-stack.ts';
import { eventually } from '../../support/world/eventually.ts';
import { Receiver } from '../../support/world/receiver.ts';
import { billOfMaterials, type LockedPackage, lockedPackages } from './bill-of-materials.ts';
import { BuildContext } from './build-context.ts';
import { canContain, Container, type Image } from './container.ts';
import { DOCKERFILE, execForm, stagesOf } from './dockerfile.ts';
import { buildStages } from './image-build.ts';
import { Installation } from './installation.ts';

const MEGABYTE = 1_000_000;
const BUILD_LIMIT_MS = 900_000;
const PROMPTLY_MS = 10_000;
const STARTED_WITHIN_MS = 60_000;
const LIMIT_MS = 120_000;
const main = (app: string): string => `dist/apps/${app}/src/main.js`;

let folder: string;
let image: Image;
let command: readonly string[];
let locked: readonly LockedPackage[];
/** Every file of the image's folder. */
let files: readonly string[];

beforeAll(async () => {
  const stages = stagesOf(await readFile(DOCKERFILE, 'utf8'));
  const context = await BuildContext.open(root, `${DOCKERFILE}.dockerignore`);
  folder = await mkdtemp(join(tmpdir(), 'webhook-image-'));
  const built = (await buildStages(stages, context, folder)).at(-1)!;
  const { settings, environment, steps } = stages.at(-1)!;
  const workingFolder = steps.flatMap((step) => (step.kind === 'workdir' ? step.path : [])).at(-1)!;
  image = {
    folder: join(built, workingFolder),
    workingFolder,
    environment,
    user: settings['USER']!,
    entrypoint: execForm(settings['ENTRYPOINT'])!,
    healthcheck: execForm(settings['HEALTHCHECK']?.replace(/^CMD /, ''))!,
  };
  command = execForm(settings['CMD'])!;
  locked = await lockedPackages(root);
  const entries = await readdir(built, { recursive: true, withFileTypes: true });
  files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(image.folder, join(entry.parentPath, entry.name)));
}, BUILD_LIMIT_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the image', () => {
  it('holds what the apps need to run and nothing else of the project', async () => {
    const entries = await readdir(image.folder);
    expect(entries.toSorted()).toEqual(['LICENSE', 'dist', 'node_modules', 'package.json', 'sbom.cdx.json', 'schemas']);
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(image.folder, file))).size));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    process.stderr.write(`the image, without its base: ${(bytes / MEGABYTE).toFixed(1)} MB, ${files.length} files\n`);
    expect(bytes).toBeLessThan(150 * MEGABYTE);
  });

  it('has programs without their sources, their types and their tests', () => {
    const own = files.filter((file) => !file.startsWith('node_modules/'));
    expect(own).toEqual(
      expect.arrayContaining([...APP_NAMES.map(main), 'dist/apps/config/src/prepare.js', ...command]),
    );
    expect(
      own.filter((file) => !/\.(js|js\.map|avsc)$|^LICENSE$|^package\.json$|^sbom\.cdx\.json$/.test(file)),
    ).toEqual([]);
    expect(own.filter((file) => /\.test\.|(^|\/)testing\//.test(file))).toEqual([]);
  });

  it('has every package that is needed to run, and none that only development needs', () => {
    const there = new Set(
      files.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^@./][^/]*)\/package\.json$/.exec(file)?.[1] ?? []),
    );
    const wanted = locked.filter(({ dev, optional }) => !dev && !optional).map(({ path }) => path);
    const unwanted = locked.filter(({ dev }) => dev).map(({ path }) => path);
    expect(wanted.filter((path) => !there.has(path))).toEqual([]);
    expect(unwanted.filter((path) => there.has(path))).toEqual([]);
    expect(unwanted.length).toBeGreaterThan(100);
  });

  it('keeps no secret, and nothing that tells of the machine that built it', async () => {
    const suspicious = /(^|\/)(\.npmrc|\.env[^/]*|\.git|[^/]*\.(pem|key|p12|tsbuildinfo))$/;
    expect(files.filter((file) => suspicious.test(file))).toEqual([]);
    const own = files.filter((file) => !file.startsWith('node_modules/'));
    for (const file of [...own, 'node_modules/.package-lock.json']) {
      const text = await readFile(join(image.folder, file), 'utf8');
      expect([file, /-----BEGIN [A-Z ]*PRIVATE KEY-----\s[A-Za-z0-9]/.test(text)]).toEqual([file, false]);
      expect([file, text.includes(root) || text.includes(folder)]).toEqual([file, false]);
    }
  });

  it('carries a bill of materials by CycloneDX of every package it may hold, and of no other', async () => {
    const { components, metadata } = await billOfMaterials(await readFile(join(image.folder, 'sbom.cdx.json'), 'utf8'));
    expect(metadata.component).toMatchObject({ name: 'kafka-webhooks', type: 'application' });
    const wanted = new Set(locked.filter(({ dev }) => !dev).map(({ id }) => id));
    expect(components.map(({ name, version }) => `${name}@${version}`).toSorted()).toEqual([...wanted].toSorted());
    for (const { name, version, purl } of components) {
      expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`);
    }
  });
});

/** Kafka and the others as an app finds them that starts first: somebody accepts, and nobody answers. */
const withSilentStores = (port: number): Record<string, string> => ({
  KAFKA_BROKERS: `127.0.0.1:${port}`,
  SCHEMA_REGISTRY_URL: `http://127.0.0.1:${port}`,
  MONGODB_URI: `mongodb://127.0.0.1:${port}/webhooks`,
  SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
  OPERATOR_KEY: 'an operator key of the test',
});

(canContain() ? describe : describe.skip)('a container of the image', () => {
  let silent: Server;
  let settings: Record<string, string>;
  let address: string;
  let container: Container | undefined;

  const start = async (arguments_: readonly string[]): Promise<Container> => {
    container = await Container.start(image, arguments_, settings);
    return container;
  };
  const status = (path: string): Promise<number | undefined> =>
    fetch(`${address}${path}`).then(
      (answer) => answer.status,
      () => undefined,
    );

  beforeEach(async () => {
    silent = createServer();
    const port = String(await freePort());
    // The image has one port for both, which another program of this machine may have.
    expect(image.environment['HTTP_PORT']).toBe(image.environment['HEALTH_PORT']);
    settings = { ...withSilentStores(await listen(silent)), HTTP_PORT: port, HEALTH_PORT: port };
    address = `http://127.0.0.1:${port}`;
  });

  afterEach(async () => {
    await container?.kill();
    silent.close();
  });

  it('is not root, has no capability, is the first process, and can write nowhere', async () => {
    const script = `
      const { readFileSync, writeFileSync } = require('node:fs');
      const refused = ['/app', '/app/dist', '/app/node_modules', '/tmp', '/', '/usr/bin', '/etc'].map((folder) => {
        try { writeFileSync(folder + '/new', ''); return folder; } catch ({ code }) { return code; }
      });
      const capabilities = /CapEff:\\s*(\\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
      console.log(JSON.stringify([process.getuid(), process.getgid(), process.pid, Number(capabilities), [...new Set(refused)]]));
    `;
    const { output, exited } = await start(['-e', script]);
    expect([await exited, JSON.parse(await output)]).toEqual([
      { code: 0, signal: null },
      [1000, 1000, 1, 0, ['EROFS']],
    ]);
  });

  it(
    'lives and is healthy, but not ready, as the config app without its stores, and ends with 0 upon SIGTERM',
    async () => {
      const config = await start(command);
      await eventually(
        () => status('/health/live'),
        (code) => code === 200,
        STARTED_WITHIN_MS,
      );
      expect(await status('/health/ready')).toBe(503);
      expect(await config.health()).toBe(0);
      await config.signal('SIGTERM');
      expect(await config.exited).toEqual({ code: 0, signal: null });
      expect(await config.output).not.toMatch(/EROFS|EACCES/);
    },
    LIMIT_MS,
  );

  it.each(['delivery', 'retry', 'ledger'])(
    'is not healthy as the %s app that waits for Kafka, and ends with 0 upon SIGTERM',
    async (app) => {
      const connected = once(silent, 'connection');
      const waiting = await start([main(app)]);
      await connected;
      expect(await waiting.health()).toBe(1);
      const told = performance.now();
      await waiting.signal('SIGTERM');
      expect(await waiting.exited).toEqual({ code: 0, signal: null });
      expect(performance.now() - told).toBeLessThan(PROMPTLY_MS);
    },
    LIMIT_MS,
  );

  it('is not healthy when its program runs and answers nobody', async () => {
    const other = await start(['-e', 'setInterval(() => undefined, 1_000)']);
    const asked = (): Promise<unknown> => other.health().catch(String);
    expect(await eventually(asked, (answer) => answer === 1, STARTED_WITHIN_MS)).toBe(1);
  });

  it('says what is missing and ends with 1 when it is given nothing', async () => {
    settings = {};
    const { output, exited } = await start(command);
    expect([await exited, await output]).toEqual([
      { code: 1, signal: null },
      expect.stringContaining('KAFKA_BROKERS is not set'),
    ]);
  });
});

(canContain() ? describe : describe.skip)('an installation of the image on a real stack', () => {
  let stack: TestStack;
  let installation: Installation;
  let receiver: Receiver;

  beforeAll(async () => {
    stack = await acquireStack((line) => process.stderr.write(`${line}\n`));
    receiver = await Receiver.open();
    installation = new Installation(image, stack);
    await installation.start();
  }, BUILD_LIMIT_MS);

  afterAll(async () => {
    await installation.kill();
    await receiver.close();
    await stack.stop();
  });

  it('is healthy in every app once that is ready', async () => {
    for (const name of APP_NAMES) {
      expect([name, await installation.app(name).container.health()]).toEqual([name, 0]);
    }
  });

  it(
    'delivers an event, tries again after a failure, and has both attempts in the books',
    async () => {
      receiver.on('/calls', { kind: 'fail_first', failures: 1, status: 503 });
      const { address } = installation.app('config');
      const key = installation.settings['OPERATOR_KEY']!;
      const { api, id } = await createCustomer(address, key, 'image');
      const webhook = await api.call('createWebhook', {
        body: { url: `${receiver.origin}/calls`, event_types: ['call_*'] },
      });
      const event = { type: 'call_hangup', customer_id: id, data: { customer_id: id } };
      await new AdminApi({ address, key }).call('produceEvent', { body: event });
      const requests = await receiver.waitFor('/calls', 2);
      const verifier = new Verifier(webhook.secret);
      for (const { body, headers } of requests) {
        expect(verifier.verify(body, stringsOf(headers))).toMatchObject({
          type: 'call_hangup',
          data: { customer_id: id },
        });
      }
      const attempts = await eventually(
        () => api.call('listAttempts', { path: { id: webhook.id } }),
        ({ result }) => result.length === 2,
        LIMIT_MS,
      );
      expect(attempts.result.map(({ outcome }) => outcome).toSorted()).toEqual(['delivered', 'failed']);
    },
    LIMIT_MS,
  );

  it(
    'ends with 0 in every app upon SIGTERM, having written nowhere',
    async () => {
      for (const name of APP_NAMES) {
        const { container } = installation.app(name);
        await container.signal('SIGTERM');
        expect([name, await container.exited]).toEqual([name, { code: 0, signal: null }]);
        expect(await container.output).not.toMatch(/EROFS|EACCES/);
      }
    },
    LIMIT_MS,
  );
});

function stringsOf(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
