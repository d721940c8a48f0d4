import { readFile } from 'node:fs/promises';

/** The last lines of a log, without empty ones. An unreadable log has none. */
export async function lastLines(file: string, from = 0, count = 15): Promise<string[]> {
  const text = await readFile(file)
    .then((bytes) => bytes.subarray(from).toString('utf8'))
    .catch(() => '');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);
}
