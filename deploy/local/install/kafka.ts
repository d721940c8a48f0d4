import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dependencyPlugin } from './maven.ts';
import type { Program } from './program.ts';

const version = '4.1.0';

/** The second dependency is the binding without which Kafka logs nothing, not even why it ended. */
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${version}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>2.24.3</version>
    </dependency>
  </dependencies>
</project>
`;

/** Apache Kafka: the broker's jars, in `libs/`. */
export const kafkaProgram: Program = {
  part: 'kafka',
  title: 'Apache Kafka',
  version,
  downloadBytes: 43e6,
  needs: ['java', 'maven'],
  install: async (folder, onBytes) => {
    const pomFile = join(folder, 'pom.xml');
    await writeFile(pomFile, pom);
    const properties = { includeScope: 'runtime', outputDirectory: join(folder, 'libs') };
    await dependencyPlugin('copy-dependencies', properties, folder, onBytes);
    await rm(pomFile);
  },
};
