import { setTimeout as pauseFor } from 'node:timers/promises';

import { messageOf, UnavailableError } from '#libs/domain';
import { RegistrationError } from '#libs/event-schemas';
import type { Logger } from '#libs/runtime';
import type { PendingNotices, WebhookStatusRepository } from '#libs/store';

import type { NoticeSender } from './notice-sender.ts';

const EVERY_MS = 2_000;
const AGE_MS = 5_000;

/** Sends what a crash or an outage left to be told. Several at once do no harm: an event may be sent twice. */
export class NoticeSweeper {
  private readonly statuses: WebhookStatusRepository;
  private readonly sender: NoticeSender;
  private readonly logger: Logger;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(given: { statuses: WebhookStatusRepository; sender: NoticeSender; logger: Logger }) {
    this.statuses = given.statuses;
    this.sender = given.sender;
    this.logger = given.logger;
  }

  start(): void {
    this.running = this.run();
  }

  /** Resolves when what is being sent is done. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Sends what is older than 5 s; how much that was. */
  async sweep(): Promise<number> {
    let sent = 0;
    try {
      for (const pending of await this.statuses.pendingNotices(AGE_MS)) {
        if (await this.send(pending)) sent += pending.notices.length;
      }
    } catch (error) {
      this.logger.warn({ err: error }, `something about a webhook is still to be told: ${messageOf(error)}`);
    }
    return sent;
  }

  /**
   * False when something is wrong with just these, which keeps none of the others waiting.
   *
   * @throws UnavailableError or RegistrationError; the others would fare no better now
   */
  private async send(pending: PendingNotices): Promise<boolean> {
    const webhook_id = pending.webhook.id;
    try {
      await this.sender.send(pending);
      this.logger.info({ webhook_id }, 'what was left to be told of a webhook was sent');
      return true;
    } catch (error) {
      if (error instanceof UnavailableError || error instanceof RegistrationError) throw error;
      this.logger.error(
        { err: error, webhook_id },
        `what is to be told of a webhook cannot be sent: ${messageOf(error)}`,
      );
      return false;
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.sweep();
      await pauseFor(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
