import type { FromReceiver, ToReceiver } from './messages.ts';
import { Receiver } from './receiver.ts';

/** The receiver as a process of its own. It is told what to do over its channel, and ends with it. */
const PROGRESS_EVERY_MS = 250;

const send = (message: FromReceiver): void => void process.send?.(message);
const receiver = new Receiver(() => send({ kind: 'until' }));

process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToReceiver) => {
  switch (message.kind) {
    case 'begin':
      receiver.begin(message.series, message.from, message.until);
      send({ kind: 'begun' });
      break;
    case 'watch':
      receiver.watch(message.pids);
      break;
    case 'end':
      receiver.end();
      break;
    case 'collect':
      send({ kind: 'collected', ...receiver.collect() });
      break;
  }
});

let told = 0;
setInterval(() => {
  if (receiver.answered === told) return;
  told = receiver.answered;
  send({ kind: 'progress', answered: told });
}, PROGRESS_EVERY_MS);

send({ kind: 'listening', ports: [await receiver.listen(), await receiver.listen()] });
