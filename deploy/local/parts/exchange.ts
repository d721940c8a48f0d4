import { connect } from 'node:net';

/**
 * Sends bytes to a port of 127.0.0.1 and resolves with the first bytes of the answer, or with undefined when nothing
 * listens or nothing comes within a second.
 */
export async function exchange(port: number, request: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const finish = (answer: Buffer | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => finish(undefined));
    socket.once('error', () => finish(undefined));
    socket.once('close', () => finish(undefined));
    socket.once('data', finish);
    socket.once('connect', () => socket.write(request));
  });
}
