import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { root } from '../../../deploy/local/places.ts';

/**
 * The commands below a heading of a page of the docs, up to the next heading: every piece of code, also of a list, without its indentation.
 *
 * @throws Error when there is no such heading, or no command below it
 */
export async function documented(heading: string, page = 'docs/operators.md'): Promise<readonly string[]> {
  const lines = (await readFile(join(root, page), 'utf8')).split('\n');
  const from = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (from < 0) throw new Error(`${page} has no heading "${heading}"`);
  const length = lines.slice(from + 1).findIndex((line) => /^#+ /.test(line));
  const pieces = piecesOf(lines.slice(from + 1, length < 0 ? undefined : from + 1 + length));
  if (pieces.length === 0) throw new Error(`${page} has no command under "${heading}"`);
  return pieces;
}

/** Code is indented by four, in a list by seven; text goes on in a list at three. */
function piecesOf(lines: readonly string[]): string[] {
  const pieces: string[][] = [];
  let open = false;
  for (const line of lines) {
    const isCode = /^ {4,}/.test(line);
    if (isCode && !open) pieces.push([]);
    if (isCode) pieces.at(-1)?.push(line);
    open = isCode;
  }
  return pieces.map((piece) => {
    const indentation = Math.min(...piece.map((line) => line.search(/\S/)));
    return piece.map((line) => line.slice(indentation)).join('\n');
  });
}
