import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { install } from '../../../deploy/local/install/install.ts';
import { kafkaProgram } from '../../../deploy/local/install/kafka.ts';
import { dependencyPlugin } from '../../../deploy/local/install/maven.ts';
import { programFolder } from '../../../deploy/local/install/program.ts';
import { waitForLock } from '../../../deploy/local/pid-lock.ts';
import { programsFolder } from '../../../deploy/local/places.ts';

const { version } = kafkaProgram;
const folder = join(programsFolder, `kafka-tools-${version}`);

/** The classes behind the commands of Kafka's `bin/` that the docs use. */
const MAIN: Readonly<Record<string, string>> = {
  'kafka-topics.sh': 'org.apache.kafka.tools.TopicCommand',
  'kafka-consumer-groups.sh': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-get-offsets.sh': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-configs.sh': 'kafka.admin.ConfigCommand',
};

/** Shell scripts by the name of their command. What they need is downloaded the first time. @throws InstallError */
export async function kafkaTools(): Promise<ReadonlyMap<string, string>> {
  await install(['kafka'], (line) => void process.stderr.write(`${line}\n`));
  const release = await waitForLock(join(programsFolder, 'kafka-tools.lock'), () => undefined);
  try {
    if (!existsSync(folder)) await download();
  } finally {
    await release();
  }
  const classPath = [join(folder, '*'), join(programFolder(kafkaProgram), 'libs', '*')].join(':');
  const flags = '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -Dlog4j2.level=ERROR';
  return new Map(
    Object.entries(MAIN).map(([name, main]) => [name, `exec java ${flags} -cp '${classPath}' ${main} "$@"`]),
  );
}

/** The folder is there once it is complete. */
async function download(): Promise<void> {
  await mkdir(programsFolder, { recursive: true });
  const partial = await mkdtemp(`${folder}.`);
  try {
    const artifact = `org.apache.kafka:kafka-tools:${version}`;
    await dependencyPlugin('copy', { artifact, outputDirectory: partial }, partial, () => undefined);
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
