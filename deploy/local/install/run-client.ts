import { createInterface } from 'node:readline';
import { leash } from '../leash.ts';

/** A download client ended with an error; the message carries the end of what it wrote. */
export class InstallError extends Error {
  readonly code = 'INSTALL_FAILED';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InstallError';
  }
}

/**
 * Runs a download client to its end and hands out every line that it writes. A carriage return ends a line too, so
 * that progress figures arrive while they are current.
 * @throws InstallError when it ends with another status than 0
 */
export async function runClient(
  command: string,
  args: readonly string[],
  cwd: string,
  onLine: (line: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const client = await leash({ command, args, cwd, env, output: 'pipe', stopLimitMs: 5_000 });
  const last: string[] = [];
  for (const stream of [client.stdout, client.stderr]) {
    if (stream === null) {
      continue;
    }
    createInterface({ input: stream }).on('line', (line) => {
      onLine(line);
      if (line.trim() !== '' && !line.startsWith('Progress')) {
        last.push(line);
        last.splice(0, last.length - 15);
      }
    });
  }
  const { code, signal } = await client.exited;
  if (code !== 0) {
    const how = signal === null ? `with status ${code}` : `by ${signal}`;
    throw new InstallError(`${command} ${args[0] ?? ''} ended ${how}. Its last lines:\n  ${last.join('\n  ')}`);
  }
}
