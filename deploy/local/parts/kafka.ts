import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kafkaProgram } from '../install/kafka.ts';
import { programFolder } from '../install/program.ts';
import { leash, type Leashed } from '../leash.ts';
import { exchange } from './exchange.ts';
import { describeEnd, type PartKind, type Site } from './part.ts';

/** What makes a broker other than the usual one. */
export interface KafkaVariant {
  /** Besides the broker's and the controller's. */
  readonly morePorts: number;
  /** Which of the ports clients are given. */
  readonly clientPort: number;
  /** Server properties, in place of the usual ones where they have the same name. */
  properties(site: Site, usual: Readonly<Record<string, unknown>>): Readonly<Record<string, string>>;
  /** Arguments of the storage's format. */
  readonly formatting: readonly string[];
}

const usualKafka: KafkaVariant = { morePorts: 0, clientPort: 0, properties: () => ({}), formatting: [] };

/** One node that is broker and controller; the voters' port is written anew at every start, as it may have changed. */
function serverProperties(site: Site, variant: KafkaVariant): string {
  const [broker, controller] = site.ports;
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${broker}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(site.dataDir, 'log'),
    'auto.create.topics.enable': false,
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // A broker that was killed is let in again only when its former session is over; the default is 9 s.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    // Room for any limit that a topic sets for itself.
    'message.max.bytes': 8 * 1024 * 1024,
  };
  return Object.entries({ ...properties, ...variant.properties(site, properties) })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

const logging = `appenders=console
appender.console.type=Console
appender.console.name=stdout
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=[%d] %p %m (%c)%n
rootLogger.level=warn
rootLogger.appenderRefs=stdout
rootLogger.appenderRef.stdout.ref=stdout
logger.server.name=kafka.server.KafkaRaftServer
logger.server.level=info
`;

const startedLine = 'Kafka Server started';

/** A cluster id is 16 random bytes in base64url; one that begins with a dash would be read as an option. */
function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newClusterId() : id;
}

async function java(site: Site, flags: readonly string[], main: readonly string[]): Promise<Leashed> {
  const classPath = join(programFolder(kafkaProgram), 'libs', '*');
  const log4j = `-Dlog4j2.configurationFile=${join(site.dataDir, 'log4j2.properties')}`;
  return leash({ command: 'java', args: [...flags, log4j, '-cp', classPath, ...main], output: site.logFd });
}

async function formatStorage(site: Site, config: string, more: readonly string[]): Promise<void> {
  if (existsSync(join(site.dataDir, 'log', 'meta.properties'))) {
    return;
  }
  const flags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
  const args = ['format', '-t', newClusterId(), '-c', config, '--ignore-formatted', ...more];
  const format = await java(site, flags, ['kafka.tools.StorageTool', ...args]);
  const ended = await format.exited;
  if (ended.code !== 0) {
    throw new Error(`formatting Kafka's storage ended ${describeEnd(ended)}`);
  }
}

/**
 * FindCoordinator, version 0: correlation id 7, no client id, group "start". The first such request makes the broker
 * create its offsets topic; until that is there, consumers fail to join.
 */
const findCoordinatorRequest = Buffer.concat([
  Buffer.from([0, 0, 0, 17, 0, 10, 0, 0, 0, 0, 0, 7, 0xff, 0xff, 0, 5]),
  Buffer.from('start'),
]);

/** Apache Kafka in KRaft mode. Ports: the broker's, the controller's, and those of the variant. */
export const kafkaWith = (variant: KafkaVariant): PartKind => ({
  name: 'kafka',
  title: kafkaProgram.title,
  portCount: 2 + variant.morePorts,
  address: (ports) => `127.0.0.1:${ports[variant.clientPort]}`,
  start: async (site) => {
    await mkdir(site.dataDir, { recursive: true });
    const config = join(site.dataDir, 'server.properties');
    await writeFile(config, serverProperties(site, variant));
    await writeFile(join(site.dataDir, 'log4j2.properties'), logging);
    await formatStorage(site, config, variant.formatting);
    return java(site, ['-Xms256m', '-Xmx768m'], ['kafka.Kafka', config]);
  },
  isReady: async (site) => {
    const log = await readFile(site.logFile);
    if (!log.subarray(site.logStart).includes(startedLine)) {
      return false;
    }
    const answer = await exchange(site.ports[0] ?? 0, findCoordinatorRequest);
    return answer !== undefined && answer.length >= 10 && answer.readInt32BE(4) === 7 && answer.readInt16BE(8) === 0;
  },
});

export const kafkaPart = kafkaWith(usualKafka);
