import { mkdir } from 'node:fs/promises';
import { mongodbProgram } from '../install/mongodb.ts';
import { venvPython } from '../install/python.ts';
import { programFolder } from '../install/program.ts';
import { leash } from '../leash.ts';
import { exchange } from './exchange.ts';
import type { PartKind } from './part.ts';

/** {hello: 1, $db: "admin"} in BSON. */
const helloDocument = Buffer.concat([
  Buffer.from([31, 0, 0, 0]),
  Buffer.from('\x10hello\0\x01\0\0\0'),
  Buffer.from('\x02$db\0\x06\0\0\0admin\0'),
  Buffer.from([0]),
]);

/** OP_MSG with one section: length, request id, response to, opcode 2013, flags, section kind, document. */
function helloRequest(): Buffer {
  const header = Buffer.alloc(21);
  header.writeInt32LE(header.length + helloDocument.length, 0);
  header.writeInt32LE(7, 4);
  header.writeInt32LE(2013, 12);
  return Buffer.concat([header, helloDocument]);
}

/**
 * Every reader of SecantusDB keeps the page that it read last until its next turn at the one lock, and a page in use is not evicted:
 * thirty connections that read one large page were seen to stand still for minutes, with twenty or fewer never. What an app may not
 * send at once waits in the app, as it would wait here.
 */
const LIMITS = new URLSearchParams({ directConnection: 'true', maxPoolSize: '4', waitQueueTimeoutMS: '10000' });

/** SecantusDB, a replica set of one. Port: MongoDB's wire protocol. */
export const mongodbPart: PartKind = {
  name: 'mongodb',
  title: mongodbProgram.title,
  portCount: 1,
  address: ([port]) => `mongodb://127.0.0.1:${port}/webhooks?${LIMITS.toString()}`,
  start: async (site) => {
    await mkdir(site.dataDir, { recursive: true });
    // Without --sync-on-commit the writes of the last moments before a kill are lost, although they were acknowledged.
    const storage = ['--storage-path', site.dataDir, '--sync-on-commit'];
    return leash({
      command: venvPython(programFolder(mongodbProgram)),
      args: ['-m', 'secantus', '--host', '127.0.0.1', '--port', String(site.ports[0]), ...storage],
      // Upon SIGABRT the log tells what each thread does.
      env: { ...process.env, PYTHONFAULTHANDLER: '1' },
      cwd: site.dataDir,
      output: site.logFd,
    });
  },
  isReady: async (site) => {
    const answer = await exchange(site.ports[0] ?? 0, helloRequest());
    return answer !== undefined && answer.length >= 16 && answer.readInt32LE(8) === 7;
  },
};
