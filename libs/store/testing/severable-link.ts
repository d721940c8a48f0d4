import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server that can be cut, frozen and mended, to see what a client does without it. */
export class SeverableLink {
  private readonly target: { readonly host: string; readonly port: number };
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private frozen = false;
  /** The port of the near end; the same through every cut. */
  port = 0;

  /** @param target where the server listens, as `host:port`. */
  constructor(target: string) {
    const { hostname, port } = new URL(`tcp://${target}`);
    this.target = { host: hostname, port: Number(port) };
  }

  /** Lets connections through again. */
  async mend(): Promise<void> {
    this.frozen = false;
    for (const socket of this.sockets) socket.resume();
    if (this.server) return;
    this.server = createServer((near) => this.join(near, connect(this.target)));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = portOf(this.server);
  }

  /** Ends every connection and refuses new ones. */
  async cut(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    if (!server) return;
    server.close();
    await once(server, 'close');
  }

  /** Keeps connections open, and takes new ones, but passes nothing on. */
  freeze(): void {
    this.frozen = true;
    for (const socket of this.sockets) socket.pause();
  }

  private join(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.frozen) from.pause();
    }
  }
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The address of a database of MongoDB through the near end of a link. */
export function linkedAddress(mongodbUri: string, link: SeverableLink, database: string): string {
  const address = new URL(mongodbUri);
  address.host = `127.0.0.1:${link.port}`;
  address.pathname = `/${database}`;
  address.searchParams.delete('replicaSet');
  address.searchParams.set('directConnection', 'true');
  return address.href;
}
