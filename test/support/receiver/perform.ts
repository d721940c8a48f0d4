import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Behaviour } from './behaviour.ts';

/** One request that waits for its answer. */
export interface Exchange {
  readonly response: ServerResponse;
  /** The TCP connection below, also of a TLS one. */
  readonly connection: Socket;
  /** Aborts when the connection or the receiver closes. */
  readonly over: AbortSignal;
  /** Takes one off what is left of a `failFirst`; false when nothing was left. */
  readonly fails: (behaviour: Behaviour & { kind: 'fail_first' }) => boolean;
}

const CHUNK = Buffer.alloc(64 * 1024, 'endless ');

/** Carries a behaviour out. Resolves when nothing more will be sent. */
export async function perform(behaviour: Behaviour, exchange: Exchange): Promise<void> {
  const { response, connection, over } = exchange;
  switch (behaviour.kind) {
    case 'answer':
      response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
      return;
    case 'fail_first':
      if (exchange.fails(behaviour)) response.writeHead(behaviour.status).end();
      else await perform(behaviour.after, exchange);
      return;
    case 'delay':
      await sleep(behaviour.ms, undefined, { signal: over });
      await perform(behaviour.after, exchange);
      return;
    case 'hang':
      return;
    case 'raw':
      response.socket?.write(behaviour.text);
      if (behaviour.end) response.socket?.end();
      return;
    case 'drip':
      for (const byte of behaviour.text) {
        response.socket?.write(byte);
        await sleep(behaviour.byteIntervalMs, undefined, { signal: over });
      }
      return;
    case 'reset':
      connection.resetAndDestroy();
      return;
    case 'close':
      response.socket?.end();
      return;
    case 'endless_body':
      response.writeHead(behaviour.status);
      while (!over.aborted) {
        if (!response.write(CHUNK)) await once(response, 'drain', { signal: over });
      }
  }
}
