import { lookup } from 'node:dns/promises';

import pLimit from 'p-limit';

/** Half of the threads that look-ups share with file access and cryptography. */
const AT_ONCE = 2;
const MAX_WAITING = 100;

/**
 * Names that only the system knows, such as those in its hosts file. A look-up occupies a thread for as long as name servers make it wait, so
 * there are few at once.
 */
export class SystemNames {
  private readonly find: (name: string) => Promise<readonly string[]>;
  private readonly limit = pLimit(AT_ONCE);

  constructor(find = findAll) {
    this.find = find;
  }

  /** Whether so many wait that one more would not have its turn in time. */
  get isBusy(): boolean {
    return this.limit.pendingCount >= MAX_WAITING;
  }

  /** The addresses of a name. Rejects when there are none. */
  addressesOf(name: string): Promise<readonly string[]> {
    return this.limit(() => this.find(name));
  }
}

async function findAll(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}
