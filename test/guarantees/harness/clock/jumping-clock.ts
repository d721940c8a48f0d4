import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The environment of apps whose wall clock can be set. */
export const JUMPING_CLOCK: NodeJS.ProcessEnv = {
  NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import ${pathToFileURL(join(import.meta.dirname, 'jumping.ts')).href}`,
};

/** Which signal sets it an hour forth or back. */
export const CLOCK_SIGNALS = { forth: 'SIGUSR2', back: 'SIGPWR' } as const satisfies Record<string, NodeJS.Signals>;
