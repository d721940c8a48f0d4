import { performance } from 'node:perf_hooks';

import { Connection, type ConnectionOwner } from './connection.ts';
import { LinkedList } from './linked-list.ts';
import type { OpenConnection, Origin } from './opening.ts';

interface Connections {
  readonly open: Set<Connection>;
  /** The one that became free last at the end. */
  readonly free: LinkedList<Connection>;
}

const SWEEP_MS = 500;

/**
 * The connections to every origin. A request gets the one that became free last, so that those that are not needed grow old and
 * close; when none is free, it gets a new one. There is no limit here: endpoints that hang would use it up for others on their origin.
 * Taking and giving back cost the same however many connections there are.
 */
export class ConnectionPool implements ConnectionOwner {
  private readonly openConnection: OpenConnection;
  private readonly origins = new Map<string, Connections>();
  private readonly sweeper: NodeJS.Timeout;
  private closed = false;

  constructor(openConnection: OpenConnection) {
    this.openConnection = openConnection;
    this.sweeper = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  /** How many origins have a connection. */
  get originCount(): number {
    return this.origins.size;
  }

  /** How many connections there are to an origin, and how many of them are free. @param name as `URL.origin` writes it. */
  count(name: string): { readonly open: number; readonly free: number } {
    const open = [...(this.origins.get(name)?.open ?? [])];
    return { open: open.length, free: open.filter(({ isFree }) => isFree).length };
  }

  take(origin: Origin): Connection {
    const free = this.freeTo(origin.name);
    if (free) {
      free.take();
      return free;
    }
    const connection = new Connection(origin, this.openConnection, this);
    (this.origins.get(origin.name) ?? this.add(origin.name)).open.add(connection);
    if (this.closed) connection.discard();
    return connection;
  }

  onFree(connection: Connection): void {
    this.origins.get(connection.origin.name)?.free.append(connection);
  }

  onGone(connection: Connection): void {
    const { name } = connection.origin;
    const connections = this.origins.get(name);
    if (!connections) return;
    if (connection.isFree) connections.free.remove(connection);
    connections.open.delete(connection);
    if (connections.open.size === 0) this.origins.delete(name);
  }

  /** Closes every connection; the requests on them fail, and so do later ones. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.sweeper);
    const open = [...this.origins.values()].flatMap((connections) => [...connections.open]);
    await Promise.all(open.map((connection) => connection.close()));
  }

  /** Closes those that nobody has needed for as long as they may be kept. */
  private sweep(): void {
    const now = performance.now();
    for (const { free } of this.origins.values()) {
      for (let oldest = free.first; oldest && oldest.freeUntil <= now; oldest = free.first) oldest.discard();
    }
  }

  private freeTo(name: string): Connection | undefined {
    for (;;) {
      const free = this.origins.get(name)?.free;
      const last = free?.last;
      if (!last || last.freeUntil <= performance.now()) return undefined;
      if (last.isWritten) {
        free.remove(last);
        return last;
      }
      last.discard();
    }
  }

  private add(name: string): Connections {
    const connections = { open: new Set<Connection>(), free: new LinkedList<Connection>() };
    this.origins.set(name, connections);
    return connections;
  }
}
