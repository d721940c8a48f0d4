import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Listens on every address of this machine, both families, and counts who connects. */
export class Trap {
  readonly port: number;
  connections = 0;
  private readonly server: Server;

  private constructor(server: Server, port: number) {
    this.server = server;
    this.port = port;
    server.on('connection', (socket) => {
      this.connections += 1;
      socket.on('error', () => undefined).destroy();
    });
  }

  static async set(): Promise<Trap> {
    const server = createServer();
    server.listen({ host: '::', port: 0 });
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the trap has no port');
    return new Trap(server, address.port);
  }

  async close(): Promise<void> {
    this.server.close();
    await once(this.server, 'close');
  }
}
