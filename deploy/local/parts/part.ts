import type { PartName } from '../install/program.ts';
import type { Ended, Leashed } from '../leash.ts';

/** Where one part of a stack keeps its files, and the ports that it was given. */
export interface Site {
  /** The part's data; survives the process. */
  readonly dataDir: string;
  readonly logFile: string;
  /** An open descriptor of the log file. */
  readonly logFd: number;
  /** Size of the log file when this process was started, so that older lines are not taken for its own. */
  readonly logStart: number;
  readonly ports: readonly number[];
}

/** How a part is started and known to be ready. */
export interface PartKind {
  readonly name: PartName;
  readonly title: string;
  /** How many ports of 127.0.0.1 it listens on. */
  readonly portCount: number;
  /** What clients are given. */
  address(ports: readonly number[]): string;
  start(site: Site): Promise<Leashed>;
  /** Whether it serves clients now. */
  isReady(site: Site): Promise<boolean>;
}

/** A part ended, or did not serve in time, while it was being started; the message shows the end of its log. */
export class PartStartError extends Error {
  readonly code = 'PART_START_FAILED';
  readonly part: PartName;

  constructor(kind: PartKind, how: string, logFile: string, lines: readonly string[]) {
    const log = lines.length === 0 ? '  (nothing)' : lines.map((line) => `  ${line}`).join('\n');
    super(`${kind.title} ${how}. The last lines of ${logFile}:\n${log}`);
    this.name = 'PartStartError';
    this.part = kind.name;
  }
}

/** "with status 1" or "by SIGKILL". */
export function describeEnd(ended: Ended): string {
  return ended.signal === null ? `with status ${ended.code ?? 'unknown'}` : `by ${ended.signal}`;
}
