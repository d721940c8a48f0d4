import { setTimeout as delay } from 'node:timers/promises';
import { styleText } from 'node:util';

import { appEnvironment } from './app-environment.ts';
import { type App, APP_NAMES, type AppName, startApp } from './apps.ts';
import { build } from './build.ts';
import { onEnding } from './ending.ts';
import { keptKeys } from './keys.ts';
import { endEverything } from './leash.ts';
import { keptDataFolder } from './places.ts';
import { isFree } from './ports.ts';
import { type Stack, startStack } from './stack.ts';

const DEFAULT_PORT: Readonly<Record<AppName, number>> = { config: 8080, delivery: 8081, retry: 8082 };
const COLOUR = { config: 'cyan', delivery: 'green', retry: 'yellow' } as const;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const STEADY_MS = 60_000;

let ending = false;
const say = (line: string): void => console.error(line);

/** An app that ends is started again, as an orchestrator would: after a pause that grows while it keeps ending. */
async function keepRunning(app: App): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; ;) {
    const began = Date.now();
    const { code, signal } = await app.exited();
    if (ending) return;
    if (Date.now() - began > STEADY_MS) pause = FIRST_PAUSE_MS;
    say(`${app.name} ended (${signal ?? `exit code ${code}`}); starting it again in ${pause / 1_000} s`);
    await delay(pause);
    if (ending) return;
    await app.start();
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

async function portOf(name: AppName): Promise<number> {
  const variable = name === 'config' ? 'HTTP_PORT' : 'HEALTH_PORT';
  const port = name === 'config' ? Number(process.env['HTTP_PORT'] || DEFAULT_PORT.config) : DEFAULT_PORT[name];
  if (Number.isInteger(port) && port > 0 && !(await isFree(port))) {
    throw new Error(
      `Port ${port}, for the ${name} app, is taken.${name === 'config' ? ` Set ${variable} to another one.` : ' Stop what uses it.'}`,
    );
  }
  return port;
}

async function startAll(): Promise<App[]> {
  const ports = new Map<AppName, number>();
  for (const name of APP_NAMES) ports.set(name, await portOf(name));
  const [stack] = await Promise.all([startStack({ dataDir: keptDataFolder, env: process.env, report: say }), build()]);
  const env = appEnvironment(stack, { ...(await keptKeys(keptDataFolder)), ...setVariables() });
  const width = Math.max(...APP_NAMES.map((name) => name.length));
  const apps = await Promise.all(
    APP_NAMES.map((name) =>
      startApp({
        name,
        port: ports.get(name) ?? DEFAULT_PORT[name],
        env,
        onLine: (line) => console.log(`${styleText(COLOUR[name], name.padEnd(width))} ${line}`),
      }),
    ),
  );
  await Promise.all(apps.map((app) => app.ready()));
  tellHowToTry(apps, stack, env);
  return apps;
}

/** The variables that hold something: an empty one counts as not set. */
function setVariables(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
}

function tellHowToTry(apps: readonly App[], stack: Stack, env: NodeJS.ProcessEnv): void {
  const address = apps.find(({ name }) => name === 'config')?.address ?? '';
  say('');
  say(`The admin API answers at ${address}. Kafka: ${stack.kafkaBrokers}  registry: ${stack.schemaRegistryUrl}`);
  say('Try:');
  say(`  curl -s -H 'Authorization: Bearer ${env['OPERATOR_KEY'] ?? ''}' ${address}/event-types`);
  say('Ctrl-C stops everything.');
}

async function end(code: number): Promise<never> {
  ending = true;
  await endEverything();
  process.exit(code);
}

onEnding((reason) => {
  say(`stopping (${reason})`);
  void end(0);
});
try {
  const apps = await startAll();
  await Promise.all(apps.map(keepRunning));
} catch (error) {
  if (!ending) {
    say(error instanceof Error ? error.message : String(error));
    await end(1);
  }
}
