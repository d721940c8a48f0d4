import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, styleText } from 'node:util';

import { appEnvironment } from './app-environment.ts';
import { type App, APP_NAMES, type AppName, startApp } from './apps.ts';
import { build } from './build.ts';
import { onEnding } from './ending.ts';
import { keptKeys } from './keys.ts';
import { endEverything } from './leash.ts';
import { LockHeldError, takeLock } from './pid-lock.ts';
import { keptDataFolder } from './places.ts';
import { isFree } from './ports.ts';
import { type PartName, type Stack, startStack } from './stack.ts';

const DEFAULT_PORT: Readonly<Record<AppName, number>> = { config: 8080, delivery: 8081, retry: 8082, ledger: 8083 };
const COLOUR = { config: 'cyan', delivery: 'green', retry: 'yellow', ledger: 'magenta' } as const;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const STEADY_MS = 60_000;

const { values } = parseArgs({ options: { data: { type: 'string', default: keptDataFolder } } });
const dataDir = resolve(values.data);
let ending = false;
let releaseData = async (): Promise<void> => undefined;
const runningApps: App[] = [];
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

/** The config app listens on HTTP_PORT, the others from HEALTH_PORT upwards. */
async function portOf(name: AppName): Promise<number> {
  const variable = name === 'config' ? 'HTTP_PORT' : 'HEALTH_PORT';
  const given = Number(process.env[variable] || NaN);
  const afterFirst = name === 'config' ? 0 : DEFAULT_PORT[name] - DEFAULT_PORT.delivery;
  const port = Number.isInteger(given) && given > 0 ? given + afterFirst : DEFAULT_PORT[name];
  if (port <= 65_535 && !(await isFree(port))) {
    throw new Error(
      `Port ${port}, for the ${name} app, is taken. Stop what uses it, or set ${variable} to another one.`,
    );
  }
  return port;
}

/** Two runs on the same data would end each other's Kafka. */
async function takeData(): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  try {
    releaseData = await takeLock(join(dataDir, 'in-use'));
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    throw new Error(`Another "npm start" (process ${error.pid}) uses ${dataDir}. Stop it first.`, { cause: error });
  }
}

/** A part of the stack that ends is started again, too; the apps wait for it. */
async function reviveParts(stack: Stack, name: PartName, how: string): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    say(`${name} ended ${how}; starting it again in ${pause / 1_000} s`);
    await delay(pause);
    if (ending) return;
    try {
      return await stack.part(name).restart();
    } catch (error) {
      how = `again: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

async function startAll(): Promise<App[]> {
  await takeData();
  const ports = new Map<AppName, number>();
  for (const name of APP_NAMES) ports.set(name, await portOf(name));
  const onPartEnd = (name: PartName, how: string): void => {
    if (!ending) void reviveParts(stack, name, how);
  };
  const [stack] = await Promise.all([startStack({ dataDir, env: process.env, report: say, onPartEnd }), build()]);
  const env = appEnvironment(stack, { ...(await keptKeys(dataDir)), ...setVariables() });
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
  runningApps.push(...apps);
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
  say(`All calls: ${address}/docs`);
  say('Ctrl-C stops everything.');
}

/** The apps first: they need Kafka and MongoDB to finish what they have. */
async function end(code: number): Promise<never> {
  ending = true;
  await Promise.all(runningApps.map((app) => app.stop()));
  await endEverything();
  await releaseData();
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
