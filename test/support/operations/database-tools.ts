import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';

import { dump, exported, imported, restore } from '../../../libs/store/testing/database-copy.ts';

/**
 * Stand-ins for MongoDB's database tools, which no package registry has: they take the options that the docs use and no others, and do
 * the same over the driver. The first argument is the tool's name.
 */
const [tool, ...args] = process.argv.slice(2);
const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;
const uri = TEXT;

switch (tool) {
  case 'mongodump': {
    const { values } = parseArgs({ args, options: { uri, gzip: FLAG, archive: TEXT } });
    await writeFile(given(values.archive), gzipSync(await dump(given(values.uri))));
    break;
  }
  case 'mongorestore': {
    const { values } = parseArgs({ args, options: { uri, gzip: FLAG, drop: FLAG, archive: TEXT } });
    await restore(given(values.uri), gunzipSync(await readFile(given(values.archive))).toString());
    break;
  }
  case 'mongoexport': {
    const options = { uri, quiet: FLAG, jsonFormat: TEXT, collection: TEXT, query: TEXT };
    const { values } = parseArgs({ args, options });
    process.stdout.write(await exported(given(values.uri), given(values.collection), given(values.query)));
    break;
  }
  case 'mongoimport': {
    const { values } = parseArgs({ args, options: { uri, quiet: FLAG, collection: TEXT, mode: TEXT } });
    await imported(given(values.uri), given(values.collection), await text(process.stdin));
    break;
  }
  default:
    throw new Error(`no such tool: ${tool}`);
}

function given(value: string | undefined): string {
  if (value === undefined || value === '') throw new Error(`${tool} lacks an option`);
  return value;
}
