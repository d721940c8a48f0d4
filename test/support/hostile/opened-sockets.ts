import { type AsyncHook, createHook } from 'node:async_hooks';

/**
 * Every address that this process begins to connect a socket to, whoever asks for it and whether or not anything answers. It looks at the
 * handles that Node makes for connecting, below all that a client can replace.
 */
export class OpenedSockets {
  private readonly attempts: object[] = [];
  private readonly hook: AsyncHook;

  constructor() {
    this.hook = createHook({
      init: (_id, type, _trigger, resource: object) => {
        if (type === 'TCPCONNECTWRAP' || type === 'PIPECONNECTWRAP') this.attempts.push(resource);
      },
    });
    this.hook.enable();
  }

  /** `address:port`, oldest first; for a local socket what it is called. */
  get targets(): readonly string[] {
    return this.attempts.map((attempt) =>
      [Reflect.get(attempt, 'address'), Reflect.get(attempt, 'port')].filter((part) => part !== undefined).join(':'),
    );
  }

  /** Forgets what was there. */
  clear(): void {
    this.attempts.length = 0;
  }

  stop(): void {
    this.hook.disable();
  }
}
