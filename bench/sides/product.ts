import { type App, startApp } from '../../deploy/local/apps.ts';
import { freePort } from '../../deploy/local/ports.ts';
import type { Side } from './side.ts';

const KEPT_LINES = 5;

/** Starts workers of the product as `npm run start:delivery` does, with the environment given. */
export async function startProduct(env: NodeJS.ProcessEnv, workers = 1): Promise<Side> {
  const lines: string[] = [];
  const onLine = (line: string): void => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
  };
  const apps: App[] = [];
  for (let worker = 0; worker < workers; worker++) {
    apps.push(await startApp({ name: 'delivery', port: await freePort(), env, onLine }));
  }
  return {
    pids: apps.map((app) => app.pid()),
    ended: Promise.race(apps.map((app) => app.exited())).then(() => undefined),
    ready: async () => {
      await Promise.all(apps.map((app) => app.ready()));
    },
    said: () => lines,
    signal: (signal) => {
      for (const app of apps) app.signal(signal);
    },
    stop: async () => {
      await Promise.all(apps.map((app) => app.stop()));
    },
  };
}
