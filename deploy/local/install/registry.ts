import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dependencyPlugin } from './maven.ts';
import type { Program } from './program.ts';
import { runClient } from './run-client.ts';

/** The last line of versions that runs on Java 17. */
const version = '3.0.9';
const name = 'apicurio-registry-app';

/** The jar that starts the registry, in the program's folder. */
export const registryJar = `${name}-${version}-runner.jar`;

/** Apicurio Registry, unpacked. */
export const registryProgram: Program = {
  part: 'registry',
  title: 'Apicurio Registry',
  version,
  downloadBytes: 109e6,
  needs: ['java', 'maven'],
  install: async (folder, onBytes) => {
    const artifact = `io.apicurio:${name}:${version}:tar.gz:all`;
    await dependencyPlugin('copy', { artifact, outputDirectory: folder }, folder, onBytes);
    const archive = join(folder, `${name}-${version}-all.tar.gz`);
    await runClient('tar', ['-xzf', archive], folder, () => undefined);
    await rm(archive);
  },
};
