import { setTimeout as pauseFor } from 'node:timers/promises';

import { lastLines } from '../../../deploy/local/log-tail.ts';
import type { RunningPart } from '../../../deploy/local/stack.ts';
import { answersRead } from '../../../libs/store/testing/answers-read.ts';

const EVERY_MS = 5_000;
/** Soon: the trace holds a hundred threads at most, and those that wait become more with every client that gives up and connects again. */
const STUCK_MS = 15_000;
const TRACE_LINES = 1_000;

/**
 * Sees that the database of the tests goes on. The embedded one was once seen to answer no read any more, for half an hour, so that
 * every test failed that came after. It is ended with SIGABRT, upon which it writes what each of its threads does to its log, and
 * started again with its data.
 */
export class DatabaseWatch {
  private readonly part: RunningPart;
  private readonly address: string;
  private readonly logFile: string;
  private readonly report: (line: string) => void;
  private readonly ended = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(given: { part: RunningPart; address: string; logFile: string; report: (line: string) => void }) {
    this.part = given.part;
    this.address = given.address;
    this.logFile = given.logFile;
    this.report = given.report;
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.ended;
    while (!signal.aborted) {
      await pauseFor(EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || (await answersRead(this.address, STUCK_MS)) || signal.aborted) continue;
      this.report(
        `The database of the tests has not answered a read for ${STUCK_MS / 1_000} s. It starts again; its threads:`,
      );
      await this.part.stop('SIGABRT');
      for (const line of await lastLines(this.logFile, 0, TRACE_LINES)) this.report(`  ${line}`);
      await this.part.restart();
    }
  }
}
