import 'reflect-metadata';

import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Header, HttpCode, Post, UseGuards } from '@nestjs/common';
import { z } from 'zod';

import { AccessGuard, OperatorGuard } from '../access/access.guard.ts';
import { NeedsScope } from '../access/scopes.ts';
import { Describes, type Description } from './describes.ts';
import { routesOf } from './routes.ts';

const description: Description = {
  operationId: 'x',
  tag: 'service',
  summary: 'x',
  description: 'x',
  answer: { description: 'x', schema: z.object({}) },
};

@Controller('things/:owner')
@UseGuards(AccessGuard)
class Things {
  @Get(':id')
  @Describes(description)
  @NeedsScope('write')
  @Header('Content-Type', 'text/plain')
  read(): void {}

  @Post()
  @Describes(description)
  @HttpCode(202)
  @UseGuards(OperatorGuard)
  create(): void {}
}

@Controller()
class Undescribed {
  @Get('nowhere')
  read(): void {}
}

@Controller()
class NoCall {
  @Describes(description)
  read(): void {}
}

@Controller('open')
class Open {
  @Post()
  create(): void {}
}

describe('routesOf', () => {
  it('reads what Nest knows of a call', () => {
    const [read, create] = routesOf([Things], new Map());
    expect(read).toMatchObject({
      method: 'get',
      path: '/things/{owner}/{id}',
      parameters: ['owner', 'id'],
      status: 200,
      access: { kind: 'key', scope: 'write', operatorOnly: false },
    });
    expect(read?.headers).toEqual(new Map([['content-type', 'text/plain']]));
    expect(create).toMatchObject({
      method: 'post',
      path: '/things/{owner}',
      status: 202,
      access: { kind: 'key', scope: 'write', operatorOnly: true },
    });
  });

  it('takes a description from elsewhere, and the status that Nest gives by itself', () => {
    const [route] = routesOf([Open], new Map([[Open.prototype.create, description]]));
    expect(route).toMatchObject({ path: '/open', status: 201, access: { kind: 'open' }, description });
  });

  it('names what is not described, and what is described without being a call', () => {
    expect(() => routesOf([Undescribed, NoCall], new Map())).toThrow(
      'Undescribed.read is a call without @Describes; NoCall.read is described, but is no call',
    );
  });
});
