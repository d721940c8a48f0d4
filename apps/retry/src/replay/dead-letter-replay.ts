import type { Clock } from '#libs/domain';
import { originalHeaders } from '#libs/kafka';
import { type DeadLetter, deadLetterCursor, type DeadLetterRepository } from '#libs/store';

import type { HandingOver, ReplayedRecord } from './handing-over.ts';
import type { ReplayedWebhooks } from './replayed-webhook.ts';
import type { ReplayRun } from './replay-run.ts';
import { DONE, type ReplayWork, STOPPED, type WorkEnd } from './work.ts';

const STEP_BYTES = 4 * 1024 * 1024;

/** Hands dead letters over for delivery once more, the oldest first. */
export class DeadLetterReplay implements ReplayWork {
  private readonly deadLetters: DeadLetterRepository;
  private readonly webhooks: ReplayedWebhooks;
  private readonly handingOver: (run: ReplayRun) => HandingOver;
  private readonly clock: Clock;

  constructor(given: {
    deadLetters: DeadLetterRepository;
    webhooks: ReplayedWebhooks;
    handingOver: (run: ReplayRun) => HandingOver;
    clock: Clock;
  }) {
    this.deadLetters = given.deadLetters;
    this.webhooks = given.webhooks;
    this.handingOver = given.handingOver;
    this.clock = given.clock;
  }

  async run(run: ReplayRun): Promise<WorkEnd> {
    const { source, webhookId } = run.replay;
    if (source.kind !== 'dead_letters') throw new TypeError(`a replay of the ${source.kind} has no dead letters`);
    const over = this.handingOver(run);
    const webhook = this.webhooks.watch(webhookId);
    while (run.wanted) {
      const found = await webhook();
      if (found.kind === 'gone') return { kind: 'failed', message: found.message };
      const { id, upTo } = source;
      const after = run.progress.cursor;
      const query = { webhookId, id, upTo, after, limit: over.step, maxBytes: STEP_BYTES };
      const letters = await this.deadLetters.toRedeliver(query);
      const last = letters.at(-1);
      if (!last) return DONE;
      const replayed = letters.flatMap(toReplay);
      if (!(await over.send(replayed))) return STOPPED;
      await this.deadLetters.markRedelivered(
        letters.filter(({ kept }) => kept.value),
        this.clock.now(),
      );
      const { read, matched, sent } = run.progress;
      await run.advance({
        cursor: deadLetterCursor(last),
        read: read + letters.length,
        matched: matched + letters.length,
        sent: sent + replayed.length,
      });
      await over.rest({ looked: letters.length, sent: replayed.length });
    }
    return STOPPED;
  }
}

/** Nothing where its bytes are not kept. */
function toReplay({ kept, origin }: DeadLetter): ReplayedRecord[] {
  if (!kept.value) return [];
  return [{ record: { key: kept.key ?? null, value: kept.value, headers: originalHeaders(kept.headers) }, origin }];
}
