import type { Clock } from '#libs/domain';
import { Dispatcher } from '#libs/dispatch';
import { Catalogue } from '#libs/event-schemas';
import { Controller, HttpCode, Inject, Param, Post, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { AccessGuard } from '../../access/access.guard.ts';
import { Changes } from '../../audit/changes.ts';
import { readBody } from '../../http/read-body.ts';
import type { Shown } from '../../http/shown.ts';
import { Describes } from '../../openapi/describes.ts';
import { CLOCK } from '../../tokens.ts';
import { OwnedWebhooks } from '../owned-webhooks.ts';
import { newTestSchema } from './new-test.ts';
import { TestEvents } from './test-event.ts';
import { testWebhook } from './test.description.ts';
import { type shownTest, testView } from './test-view.ts';
import { TestsUnderWay } from './under-way.ts';

const ATTEMPT = 1;
/** The event is not in the log: older than all that are. */
const SEQUENCE = '0.0';

/** Sends one sample event to a webhook now, whatever its status, and tells what came of it. Nothing is recorded or retried. */
@Controller('webhooks/:id/test')
@UseGuards(AccessGuard)
export class TestController {
  private readonly webhooks: OwnedWebhooks;
  private readonly events: TestEvents;
  private readonly underWay: TestsUnderWay;
  private readonly dispatcher: Dispatcher;
  private readonly schema: ReturnType<typeof newTestSchema>;
  private readonly clock: Clock;

  constructor(
    @Inject(OwnedWebhooks) webhooks: OwnedWebhooks,
    @Inject(TestEvents) events: TestEvents,
    @Inject(TestsUnderWay) underWay: TestsUnderWay,
    @Inject(Dispatcher) dispatcher: Dispatcher,
    @Inject(Catalogue) catalogue: Catalogue,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.webhooks = webhooks;
    this.events = events;
    this.underWay = underWay;
    this.dispatcher = dispatcher;
    this.schema = newTestSchema(catalogue);
    this.clock = clock;
  }

  @Post()
  @Describes(testWebhook)
  @HttpCode(200)
  @Changes('webhook.test')
  async send(@Param('id') id: string, @Req() request: Request): Promise<Shown<typeof shownTest>> {
    const webhook = await this.webhooks.find(id, request);
    const { event_type: type } = await readBody(request, this.schema);
    const event = await this.events.make(type, webhook.customerId);
    return this.underWay.run(webhook.customerId, async () => {
      const at = this.clock.now();
      const attempt = {
        webhook,
        eventId: event.id,
        body: event.body,
        sequence: SEQUENCE,
        attempt: ATTEMPT,
        isTest: true,
      };
      return testView({ webhook, event, at }, await this.dispatcher.attemptOnce(attempt));
    });
  }
}
