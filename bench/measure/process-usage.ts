import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a process has used since its start. */
export interface Usage {
  readonly cpuMs: number;
  /** The largest resident size so far; the present one where the system does not tell. */
  readonly rssBytes: number;
}

/** Linux counts in ticks of 10 ms for every program, whatever its kernel was built with (USER_HZ). */
const TICK_MS = 10;
const NONE: Usage = { cpuMs: 0, rssBytes: 0 };

/** CPU time and memory of a process; zeros when it has ended. */
export function usageOf(pid: number): Usage {
  try {
    return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  } catch {
    return NONE;
  }
}

function fromProc(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name in parentheses may hold anything; utime and stime are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const peak = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '0';
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS, rssBytes: Number(peak) * 1024 };
}

function fromPs(pid: number): Usage {
  const [time = '', rss = '0'] = execFileSync('ps', ['-o', 'time=,rss=', '-p', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/);
  return { cpuMs: psTimeMs(time), rssBytes: Number(rss) * 1024 };
}

/** Reads `[[days-]hours:]minutes:seconds[.fraction]`. */
export function psTimeMs(time: string): number {
  const [days, clock] = time.includes('-') ? time.split('-') : ['0', time];
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1_000;
}
