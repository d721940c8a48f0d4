import type { OnBytes } from './program.ts';
import { runClient } from './run-client.ts';

/** Maven 3.8's own version: it copies an artifact without asking for the poms above it. */
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:2.8';

const units: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };

function bytesOf(amount: string, unit: string): number {
  return Number(amount) * (units[unit] ?? 1);
}

/** Adds up what Maven tells of its transfers: those that are over and those under way. */
export function transferMeter(onBytes: OnBytes): (line: string) => void {
  let over = 0;
  return (line) => {
    const downloaded = /^\s*Downloaded from .*\(([\d.]+) ([kMG]?B)/.exec(line);
    if (downloaded !== null) {
      over += bytesOf(downloaded[1] ?? '0', downloaded[2] ?? 'B');
      onBytes(over);
      return;
    }
    if (line.startsWith('Progress')) {
      const underWay = [...line.matchAll(/([\d.]+)(?:\/[\d.]+)? ([kMG]?B)/g)];
      onBytes(underWay.reduce((sum, [, amount, unit]) => sum + bytesOf(amount ?? '0', unit ?? 'B'), over));
    }
  };
}

/**
 * Runs one goal of Maven's dependency plug-in, with the machine's own Maven settings. Not in batch mode, which would
 * hide how far a transfer is; nothing can be asked, as there is no input.
 */
export async function dependencyPlugin(
  goal: 'copy' | 'copy-dependencies',
  properties: Readonly<Record<string, string>>,
  folder: string,
  onBytes: OnBytes,
): Promise<void> {
  const defines = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  await runClient('mvn', [`${plugin}:${goal}`, '-Dstyle.color=never', ...defines], folder, transferMeter(onBytes));
}
