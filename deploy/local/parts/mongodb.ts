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
 * SecantusDB, whose pages may grow to some tens of megabytes in memory. The storage evicts one of more than five as soon as it is
 * touched, in vain while anybody has a cursor on it, and everybody waiting for SecantusDB's one lock has: each look at such a page
 * then took tens of milliseconds, and a query of a thousand documents half a minute, in which nobody else was answered.
 */
const PROGRAM = `
import runpy
import wiredtiger

create = wiredtiger.Session.create
wiredtiger.Session.create = lambda session, name, config=None: create(session, name, f"{config or ''},memory_page_max=128MB")
runpy.run_module("secantus", run_name="__main__", alter_sys=True)
`;
/** The storage holds a page to a fiftieth of this, whatever else it is told. */
const CACHE = '2G';

/** SecantusDB, a replica set of one. Port: MongoDB's wire protocol. */
export const mongodbPart: PartKind = {
  name: 'mongodb',
  title: mongodbProgram.title,
  portCount: 1,
  address: ([port]) => `mongodb://127.0.0.1:${port}/webhooks?directConnection=true`,
  start: async (site) => {
    await mkdir(site.dataDir, { recursive: true });
    // Without --sync-on-commit the writes of the last moments before a kill are lost, although they were acknowledged.
    const storage = ['--storage-path', site.dataDir, '--cache-size', CACHE, '--sync-on-commit'];
    return leash({
      command: venvPython(programFolder(mongodbProgram)),
      args: ['-c', PROGRAM, '--host', '127.0.0.1', '--port', String(site.ports[0]), ...storage],
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
