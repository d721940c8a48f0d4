import type { INestApplication } from '@nestjs/common';
import type { Server } from 'node:http';

const IDLE_SWEEP_MS = 50;

/**
 * Takes no new connection, lets the requests under way finish, and ends each connection as it falls idle. What is not finished
 * after `limitMs` is cut off.
 */
export async function finishRequests(app: INestApplication<Server>, limitMs: number): Promise<void> {
  const server = app.getHttpServer();
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  const limit = setTimeout(() => server.closeAllConnections(), limitMs);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(limit);
  }
}
