import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { programFolder } from '../install/program.ts';
import { registryJar, registryProgram } from '../install/registry.ts';
import { leash } from '../leash.ts';
import type { PartKind } from './part.ts';

function address([port]: readonly number[]): string {
  return `http://127.0.0.1:${port}/apis/ccompat/v7`;
}

/** Apicurio Registry over a database file, which keeps schema ids over restarts and kills. Port: HTTP. */
export const registryPart: PartKind = {
  name: 'registry',
  title: registryProgram.title,
  portCount: 1,
  address,
  start: async (site) => {
    await mkdir(site.dataDir, { recursive: true });
    // Without WRITE_DELAY=0 a kill can lose the schemas of the last half second, although their ids were given out.
    const database = `jdbc:h2:file:${join(site.dataDir, 'registry')};WRITE_DELAY=0`;
    const properties = {
      'quarkus.http.host': '127.0.0.1',
      'quarkus.http.port': site.ports[0],
      'quarkus.http.access-log.enabled': false,
      'quarkus.log.level': 'WARN',
      'apicurio.storage.kind': 'sql',
      'apicurio.storage.sql.kind': 'h2',
      'apicurio.datasource.url': database,
    };
    const defines = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
    const flags = ['-Xmx384m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
    return leash({
      command: 'java',
      args: [...flags, ...defines, '-jar', registryJar],
      cwd: programFolder(registryProgram),
      output: site.logFd,
    });
  },
  isReady: async (site) => {
    try {
      const response = await fetch(`${address(site.ports)}/subjects`, { signal: AbortSignal.timeout(2_000) });
      await response.body?.cancel();
      return response.status === 200;
    } catch {
      return false;
    }
  },
};
