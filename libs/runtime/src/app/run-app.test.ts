import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const LIMIT_MS = 30_000;
const ENVIRONMENT = {
  KAFKA_BROKERS: '127.0.0.1:9092',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081',
  MONGODB_URI: 'mongodb://127.0.0.1/webhooks',
  SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
};

/** An app that connects to a server, starts with its first answer, and says goodbye when it is closed. */
const program = (port: number): string => `
  import { once } from 'node:events';
  import { connect } from 'node:net';
  import { runApp } from '${pathToFileURL(join(import.meta.dirname, 'run-app.ts')).href}';

  await runApp('tested', async () => {
    const socket = connect(${port}, '127.0.0.1');
    await once(socket, 'data');
    socket.write('hello, ');
    return { close: () => new Promise((closed) => socket.end('goodbye', closed)) };
  });
`;

let server: Server;
let app: ChildProcess;
let output: Promise<string>;

beforeEach(async () => {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const args = ['--conditions=source', '--input-type=module', '--eval', program(address.port)];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  app = child;
  output = text(child.stdout);
});

afterEach(() => {
  app.kill('SIGKILL');
  server.close();
});

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it(
    'ends an app with 0 while it waits, in its start, for somebody who does not answer',
    async () => {
      const exited = once(app, 'exit');
      await once(server, 'connection');
      app.kill(signal);
      expect(await exited).toEqual([0, null]);
      expect(await output).toContain('shutting down');
    },
    LIMIT_MS,
  );

  it(
    'has an app that runs close what it has, and ends it with 0',
    async () => {
      const exited = once(app, 'exit');
      const [socket] = await once(server, 'connection');
      const received = text(socket);
      socket.write('answer');
      await once(socket, 'data');
      app.kill(signal);
      expect(await exited).toEqual([0, null]);
      expect(await received).toBe('hello, goodbye');
    },
    LIMIT_MS,
  );
});
