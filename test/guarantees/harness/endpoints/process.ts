import { EndpointServer } from './endpoint-server.ts';
import type { FromEndpoints, ToEndpoints } from './messages.ts';

/** The endpoints as a process of their own. It is told what to do over its channel, and ends with it. */
const PROGRESS_EVERY_MS = 100;

const send = (message: FromEndpoints): void => void process.send?.(message);
const server = new EndpointServer();

process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToEndpoints) => {
  switch (message.kind) {
    case 'behave':
      server.behave(message.endpoints, message.behaviour);
      send({ kind: 'behaving' });
      break;
    case 'collect':
      send({ kind: 'collected', ...server.receipts() });
      break;
  }
});

let told = 0;
setInterval(() => {
  if (server.answered === told) return;
  told = server.answered;
  send({ kind: 'progress', answered: told });
}, PROGRESS_EVERY_MS);

send({ kind: 'listening', port: await server.listen() });
