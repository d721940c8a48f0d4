import { MultiBar, Presets } from 'cli-progress';
import type { PartName, Program } from './program.ts';

/** Shows how far the downloads are. */
export interface Progress {
  start(program: Program): void;
  bytes(part: PartName, done: number): void;
  finish(part: PartName): void;
  close(): void;
}

const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** One bar for each part, for a terminal. */
function bars(): Progress {
  const format = '{title} [{bar}] {percentage}% of {size}';
  const multi = new MultiBar({ format, hideCursor: true, clearOnComplete: false, barsize: 30 }, Presets.rect);
  const shown = new Map<PartName, ReturnType<typeof multi.create>>();
  return {
    start: (program) => {
      const payload = { title: `${program.title} ${program.version}`.padEnd(38), size: mega(program.downloadBytes) };
      shown.set(program.part, multi.create(program.downloadBytes, 0, payload));
    },
    bytes: (part, done) => {
      const bar = shown.get(part);
      bar?.update(Math.min(done, bar.getTotal() * 0.97));
    },
    finish: (part) => {
      const bar = shown.get(part);
      bar?.update(bar.getTotal());
    },
    close: () => multi.stop(),
  };
}

/** A line at the start, at each quarter and at the end of a download, for anything but a terminal. */
function lines(report: (line: string) => void): Progress {
  const quarters = new Map<PartName, { program: Program; seen: number }>();
  return {
    start: (program) => {
      quarters.set(program.part, { program, seen: 0 });
      report(`downloading ${program.title} ${program.version}, about ${mega(program.downloadBytes)}`);
    },
    bytes: (part, done) => {
      const state = quarters.get(part);
      const quarter = state === undefined ? 0 : Math.min(3, Math.floor((4 * done) / state.program.downloadBytes));
      if (state !== undefined && quarter > state.seen) {
        state.seen = quarter;
        report(`downloading ${state.program.title}: ${quarter * 25}%`);
      }
    },
    finish: (part) => {
      const state = quarters.get(part);
      report(`${state?.program.title ?? part} is installed`);
    },
    close: () => undefined,
  };
}

/** Bars on a terminal, plain lines without one. */
export function showProgress(report: (line: string) => void): Progress {
  return process.stderr.isTTY ? bars() : lines(report);
}
