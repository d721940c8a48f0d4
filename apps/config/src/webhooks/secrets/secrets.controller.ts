import type { Clock } from '#libs/domain';
import { SecretBox } from '#libs/runtime';
import type { StoredWebhook } from '#libs/store';
import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';

import { showTime } from '../../http/time-span.ts';
import { AccessGuard } from '../../access/access.guard.ts';
import { scopeOf } from '../../access/principal.ts';
import { NeedsScope } from '../../access/scopes.ts';
import { Changes } from '../../audit/changes.ts';
import { conflict } from '../../http/api-error.ts';
import { expectedRevisions, tagRevision } from '../../http/entity-tag.ts';
import { readOptionalBody } from '../../http/read-body.ts';
import type { Shown } from '../../http/shown.ts';
import { Describes } from '../../openapi/describes.ts';
import { CLOCK } from '../../tokens.ts';
import { changedWebhook } from '../changed-webhook.ts';
import { OwnedWebhooks } from '../owned-webhooks.ts';
import { MAX_LIVE_SECRETS } from './rotated.ts';
import { rotationSchema } from './rotation.ts';
import { type shownSecret, secretView } from './secret-view.ts';
import { getSecret, rotateSecret } from './secrets.description.ts';
import { SecretsService } from './secrets.service.ts';
import { newSigningSecret } from './signing-secret.ts';

/** The signing secrets of webhooks. Besides the answer to their creation, these are the only ones that hold a secret. */
@Controller('webhooks/:id/secret')
@UseGuards(AccessGuard)
export class SecretsController {
  private readonly owned: OwnedWebhooks;
  private readonly service: SecretsService;
  private readonly box: SecretBox;
  private readonly clock: Clock;

  constructor(
    @Inject(OwnedWebhooks) owned: OwnedWebhooks,
    @Inject(SecretsService) service: SecretsService,
    @Inject(SecretBox) box: SecretBox,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.owned = owned;
    this.service = service;
    this.box = box;
    this.clock = clock;
  }

  /** Whoever knows a secret can forge events: it is not for keys that only look. */
  @Get()
  @Describes(getSecret)
  @NeedsScope('write')
  async read(
    @Param('id') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Shown<typeof shownSecret>> {
    return this.shown(await this.owned.find(id, request), response);
  }

  @Post('rotate')
  @Describes(rotateSecret)
  @HttpCode(200)
  @Changes('webhook.rotate_secret')
  async rotate(
    @Param('id') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Shown<typeof shownSecret>> {
    await this.owned.find(id, request);
    const revisions = expectedRevisions(request);
    const { secret = newSigningSecret() } = await readOptionalBody(request, rotationSchema);
    const outcome = await this.service.rotate({ id, customerId: scopeOf(request), revisions }, secret);
    if (outcome.kind === 'refused') throw conflict('TOO_MANY_SECRETS', tooMany(outcome.until));
    return this.shown(changedWebhook(outcome), response);
  }

  private shown(webhook: StoredWebhook, response: Response): Shown<typeof shownSecret> {
    const shown = secretView(webhook, { box: this.box, now: this.clock.now() });
    tagRevision(response, webhook.revision);
    return shown;
  }
}

function tooMany(until: number): string {
  const time = showTime(until);
  return `The webhook has ${MAX_LIVE_SECRETS} secrets that are in use, and none ends before its time; rotate again after ${time}.`;
}
