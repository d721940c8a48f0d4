import { Presets, SingleBar } from 'cli-progress';

/** Shows how far the bench is. */
export interface Reporter {
  /** A run begins. */
  step(title: string): void;
  /** What a run gave, or why something takes long. */
  line(text: string): void;
  close(): void;
}

/** A bar over all steps, for a terminal. */
class Bar implements Reporter {
  private readonly bar = new SingleBar(
    { format: '[{bar}] {percentage}%  {duration_formatted}  {title}', hideCursor: true, barsize: 30 },
    Presets.rect,
  );
  private readonly steps: number;
  private started = 0;

  constructor(steps: number) {
    this.steps = steps;
    this.bar.start(steps, 0, { title: '' });
  }

  step(title: string): void {
    this.bar.update(Math.min(this.started++, this.steps - 1), { title });
  }

  line(): void {}

  close(): void {
    this.bar.update(this.steps, { title: 'done' });
    this.bar.stop();
  }
}

/** Lines with the time since the start, for anything but a terminal. */
class Lines implements Reporter {
  private readonly started = performance.now();

  step(title: string): void {
    this.line(title);
  }

  line(text: string): void {
    const seconds = ((performance.now() - this.started) / 1_000).toFixed(1).padStart(6);
    process.stderr.write(`${seconds} s  ${text}\n`);
  }

  close(): void {}
}

/** @param steps how many there will be. */
export function reporter(steps: number): Reporter {
  return process.stderr.isTTY ? new Bar(steps) : new Lines();
}
