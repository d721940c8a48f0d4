import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Logger } from '#libs/runtime';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import type { Server } from 'node:http';

import { listen } from '../../../../test/support/listen.ts';
import { requestLog } from './request-log.ts';

let status = 200;
let lines: Array<readonly [level: string, path: unknown, status: unknown]>;
let server: Server;
let address = '';

const note = (level: string) => (line: Readonly<Record<string, unknown>>) => {
  lines.push([level, line['path'], line['status']]);
};

beforeEach(async () => {
  lines = [];
  const logger: Pick<Logger, 'debug' | 'info'> = { debug: note('debug'), info: note('info') };
  const app = new ExpressAdapter();
  app.use(requestLog(logger, () => 0));
  app.use((_request: Request, response: Response) => void response.status(status).end());
  app.initHttpServer({});
  server = app.getHttpServer();
  address = `http://127.0.0.1:${await listen(server)}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function asked(path: string, answer: number): Promise<void> {
  status = answer;
  const before = lines.length;
  await (await fetch(address + path)).text();
  while (lines.length === before) await new Promise((resolve) => setImmediate(resolve));
}

it('tells of a probe when its answer changes, of every other request always', async () => {
  for (const answer of [503, 503, 200, 200, 503]) await asked('/health/ready', answer);
  await asked('/health/live', 200);
  await asked('/health/readiness', 404);
  await asked('/health/readiness', 404);
  await asked('/webhooks', 200);
  expect(lines).toEqual([
    ['info', '/health/ready', 503],
    ['debug', '/health/ready', 503],
    ['info', '/health/ready', 200],
    ['debug', '/health/ready', 200],
    ['info', '/health/ready', 503],
    ['debug', '/health/live', 200],
    ['info', '/health/readiness', 404],
    ['info', '/health/readiness', 404],
    ['info', '/webhooks', 200],
  ]);
});
