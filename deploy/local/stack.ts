import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { install } from './install/install.ts';
import { partNames, type PartName } from './install/program.ts';
import type { Ended } from './leash.ts';
import { kafkaPart } from './parts/kafka.ts';
import { mongodbPart } from './parts/mongodb.ts';
import { describeEnd, type PartKind } from './parts/part.ts';
import { registryPart } from './parts/registry.ts';
import { PartRunner, type RunningPart } from './parts/run-part.ts';

export type { PartName } from './install/program.ts';
export type { RunningPart } from './parts/run-part.ts';

const kinds: Readonly<Record<PartName, PartKind>> = { kafka: kafkaPart, registry: registryPart, mongodb: mongodbPart };

/** The variable that, when set, says that a part runs elsewhere. */
export const addressVariables = {
  kafka: 'KAFKA_BROKERS',
  registry: 'SCHEMA_REGISTRY_URL',
  mongodb: 'MONGODB_URI',
} as const satisfies Readonly<Record<PartName, string>>;

export interface StackOptions {
  /** Holds everything that the parts store, and their logs (`logs/<part>.log`); created when missing. */
  readonly dataDir: string;
  /** A part whose address stands here is not started. Default: process.env. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told of downloads and waits, a line at a time. */
  readonly report?: (line: string) => void;
  /** The parts wanted; default: all. The address of one that is neither wanted nor in `env` is the empty string. */
  readonly only?: readonly PartName[];
  /** Told when a part ends although nobody stopped it. */
  readonly onPartEnd?: (name: PartName, how: string) => void;
}

/** Kafka, schema registry and MongoDB, ready to use. */
export interface Stack {
  /** `host:port`, comma-separated. */
  readonly kafkaBrokers: string;
  /** The base of the Confluent API. */
  readonly schemaRegistryUrl: string;
  readonly mongodbUri: string;
  /** The parts that run as processes of this stack. */
  readonly embedded: readonly PartName[];
  /** @throws Error when that part was not started here */
  part(name: PartName): RunningPart;
  /** Ends every part that was started here; resolves when they have ended. Data stay. */
  stop(): Promise<void>;
}

async function startParts(names: readonly PartName[], options: StackOptions): Promise<Map<PartName, PartRunner>> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const tell = (name: PartName) => (ended: Ended) => options.onPartEnd?.(name, describeEnd(ended));
  const abandoned = new AbortController();
  const failures: unknown[] = [];
  const running = new Map<PartName, PartRunner>();
  const start = async (name: PartName): Promise<void> => {
    try {
      running.set(name, await PartRunner.start(kinds[name], dataDir, tell(name), abandoned.signal));
    } catch (error) {
      failures.push(error);
      abandoned.abort();
    }
  };
  await Promise.all(names.map(start));
  if (failures.length > 0) {
    await Promise.all([...running.values()].map((runner) => runner.stop()));
    throw failures[0];
  }
  return running;
}

/**
 * Brings up the parts that have no address in the environment, side by side, each on a free port of 127.0.0.1, and
 * downloads their programs first when they are not there. They end with this process, however it ends.
 * When one cannot be started, the others are stopped before the error is thrown.
 * @throws PrerequisiteError, InstallError, PartStartError
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const env = options.env ?? process.env;
  const given = (name: PartName): string => env[addressVariables[name]] ?? '';
  const embedded = (options.only ?? partNames).filter((name) => given(name) === '');
  await install(embedded, options.report ?? (() => undefined));
  const running = await startParts(embedded, options);
  const address = (name: PartName): string => running.get(name)?.address ?? given(name);
  return {
    kafkaBrokers: address('kafka'),
    schemaRegistryUrl: address('registry'),
    mongodbUri: address('mongodb'),
    embedded,
    part: (name) => {
      const runner = running.get(name);
      if (runner === undefined) {
        throw new Error(`${kinds[name].title} is not part of this stack: it was not asked for, or it runs elsewhere`);
      }
      return runner;
    },
    stop: async () => {
      await Promise.all([...running.values()].map((runner) => runner.stop()));
    },
  };
}
