import { readdirSync, readFileSync } from 'node:fs';

import type { App } from '../../../deploy/local/apps.ts';

/** What one process takes at one time. */
export interface Sample {
  /** Resident, now. */
  readonly memoryMib: number;
  /** Open files, sockets and timers of the kernel. */
  readonly handles: number;
}

const KIB_PER_MIB = 1_024;

/** Reads it from Linux's /proc. @throws Error when the process has ended */
export function sampleOf(app: App): Sample {
  const folder = `/proc/${app.pid()}`;
  const kib = /VmRSS:\s*(\d+) kB/.exec(readFileSync(`${folder}/status`, 'latin1'))?.[1] ?? '0';
  return { memoryMib: Number(kib) / KIB_PER_MIB, handles: readdirSync(`${folder}/fd`).length };
}
