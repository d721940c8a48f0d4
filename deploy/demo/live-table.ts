import { styleText } from 'node:util';

import Table from 'cli-table3';
import { createLogUpdate } from 'log-update';

import type { Delivery } from './endpoint.ts';

const ROWS = 18;
const WIDTHS = [28, 20, 9, 14, 12];

/** Shows deliveries as they happen: a table that grows on a terminal, plain lines elsewhere. */
export class LiveTable {
  private readonly out: NodeJS.WriteStream;
  private readonly live: boolean;
  private readonly update: ReturnType<typeof createLogUpdate>;
  private readonly rows: string[][] = [];

  constructor(out: NodeJS.WriteStream) {
    this.out = out;
    this.live = out.isTTY;
    this.update = createLogUpdate(out);
  }

  /** @param tookMs from producing the event to this request. */
  delivery({ eventType, part, attempt, status, signature }: Delivery, tookMs: number): void {
    const verdict = signature === 'verified' ? String(status) : `${status} bad sign.`;
    this.row([eventType, part.name, String(attempt), this.colour(verdict, status === 200), `${Math.round(tookMs)} ms`]);
  }

  deadLetter(eventType: string, webhook: string, attempts: number): void {
    this.row([eventType, webhook, String(attempts), this.colour('dead letter', false), '']);
  }

  /** Leaves the table as it is; what is printed next comes below it. */
  done(): void {
    if (this.live) this.update.done();
  }

  private row(cells: string[]): void {
    if (!this.live) {
      this.out.write(
        `${cells
          .map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0))
          .join(' ')
          .trimEnd()}\n`,
      );
      return;
    }
    this.rows.push(cells);
    const table = new Table({
      head: ['event', 'webhook', 'attempt', 'status', 'time taken'],
      colWidths: WIDTHS,
      style: { head: ['bold'] },
    });
    table.push(...this.rows.slice(-ROWS));
    this.update(table.toString());
  }

  private colour(text: string, good: boolean): string {
    return this.live ? styleText(good ? 'green' : 'red', text) : text;
  }
}
