import { Connection, type ConnectionOwner } from './connection.ts';
import { LinkedList } from './linked-list.ts';
import type { OpenConnection } from './opening.ts';

interface Origin {
  readonly open: Set<Connection>;
  readonly free: LinkedList<Connection>;
}

/**
 * The connections to every origin. A request gets the one that became free last, so that those that are not needed grow old and
 * close; when none is free, it gets a new one. There is no limit here: endpoints that hang would use it up for others on their origin.
 * Taking and giving back cost the same however many connections there are.
 */
export class ConnectionPool implements ConnectionOwner {
  private readonly openConnection: OpenConnection;
  private readonly origins = new Map<string, Origin>();
  private closed = false;

  constructor(openConnection: OpenConnection) {
    this.openConnection = openConnection;
  }

  /** How many origins have a connection. */
  get originCount(): number {
    return this.origins.size;
  }

  /** How many connections there are to an origin, and how many of them are free. */
  count(origin: string): { readonly open: number; readonly free: number } {
    const open = [...(this.origins.get(origin)?.open ?? [])];
    return { open: open.length, free: open.filter(({ isFree }) => isFree).length };
  }

  /** @param name scheme, host and port, as `URL.origin` writes them. */
  take(name: string): Connection {
    const origin = this.origins.get(name) ?? this.add(name);
    const free = origin.free.last;
    if (free) {
      origin.free.remove(free);
      free.take();
      return free;
    }
    const connection = new Connection(name, this.openConnection, this);
    origin.open.add(connection);
    if (this.closed) connection.discard();
    return connection;
  }

  onFree(connection: Connection): void {
    this.origins.get(connection.origin)?.free.append(connection);
  }

  onGone(connection: Connection): void {
    const origin = this.origins.get(connection.origin);
    if (!origin) return;
    if (connection.isFree) origin.free.remove(connection);
    origin.open.delete(connection);
    if (origin.open.size === 0) this.origins.delete(connection.origin);
  }

  /** Closes every connection; the requests on them fail, and so do later ones. */
  async close(): Promise<void> {
    this.closed = true;
    const open = [...this.origins.values()].flatMap((origin) => [...origin.open]);
    await Promise.all(open.map((connection) => connection.close()));
  }

  private add(name: string): Origin {
    const origin = { open: new Set<Connection>(), free: new LinkedList<Connection>() };
    this.origins.set(name, origin);
    return origin;
  }
}
