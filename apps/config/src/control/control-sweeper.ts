import { messageOf } from '#libs/domain';
import type { ControlAnnouncer } from '#libs/kafka';
import type { Logger } from '#libs/runtime';
import type { WebhookRepository } from '#libs/store';

const EVERY_MS = 2_000;
const AGE_MS = 5_000;

/** Announces the changes that a crash left unannounced. Several at once do no harm: a change may be announced twice. */
export class ControlSweeper {
  private readonly webhooks: WebhookRepository;
  private readonly announcer: ControlAnnouncer;
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(given: { webhooks: WebhookRepository; announcer: ControlAnnouncer; logger: Logger }) {
    this.webhooks = given.webhooks;
    this.announcer = given.announcer;
    this.logger = given.logger;
  }

  start(): void {
    this.timer = setTimeout(() => {
      this.running = this.sweep().finally(() => this.timer && this.start());
    }, EVERY_MS);
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
  }

  private async sweep(): Promise<void> {
    try {
      for (const pending of await this.webhooks.pendingControls(AGE_MS)) {
        await this.announcer.announce(pending);
        this.logger.info({ webhook_id: pending.webhookId }, 'a change left by a crash was announced');
      }
    } catch (error) {
      this.logger.debug({ err: error }, `changes not announced yet: ${messageOf(error)}`);
    }
  }
}
