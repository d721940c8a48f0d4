import { ReplayRepository } from '#libs/store';
import { Controller, Delete, Get, Inject, Param, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { AccessGuard } from '../access/access.guard.ts';
import { scopeOf } from '../access/principal.ts';
import { Changes } from '../audit/changes.ts';
import { notFound } from '../http/api-error.ts';
import type { Shown } from '../http/shown.ts';
import { Describes } from '../openapi/describes.ts';
import type { shownReplay } from './replay-view.ts';
import { cancelReplay, getReplay } from './replays.description.ts';
import { ReplaysService } from './replays.service.ts';

/** Replays under way or over. A customer sees its own; the operator sees all. */
@Controller('replays')
@UseGuards(AccessGuard)
export class ReplaysController {
  private readonly replays: ReplayRepository;
  private readonly service: ReplaysService;

  constructor(@Inject(ReplayRepository) replays: ReplayRepository, @Inject(ReplaysService) service: ReplaysService) {
    this.replays = replays;
    this.service = service;
  }

  @Get(':id')
  @Describes(getReplay)
  async read(@Param('id') id: string, @Req() request: Request): Promise<Shown<typeof shownReplay>> {
    const replay = await this.replays.find(id, scopeOf(request));
    if (!replay) throw notFound('The replay');
    return this.service.show(replay);
  }

  /** Cancels it, and shows it; one that is over stays as it is. */
  @Delete(':id')
  @Describes(cancelReplay)
  @Changes('replay.cancel')
  async cancel(@Param('id') id: string, @Req() request: Request): Promise<Shown<typeof shownReplay>> {
    const replay = await this.replays.cancel(id, scopeOf(request));
    if (!replay) throw notFound('The replay');
    return this.service.show(replay);
  }
}
