import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';

import { Describes } from './describes.ts';
import { getDocs, getOpenApi } from './openapi.description.ts';
import type { DocsPage } from './page/docs-page.ts';

/** Injection token: the description of this API, as JSON text. */
export const OPEN_API_JSON = Symbol('OPEN_API_JSON');
/** Injection token: the same for people, a {@link DocsPage}. */
export const DOCS_PAGE = Symbol('DOCS_PAGE');

/** What this API can do, for programs and for people; for everybody. */
@Controller()
export class OpenApiController {
  private readonly json: string;
  private readonly page: DocsPage;

  constructor(@Inject(OPEN_API_JSON) json: string, @Inject(DOCS_PAGE) page: DocsPage) {
    this.json = json;
    this.page = page;
  }

  @Get('openapi.json')
  @Describes(getOpenApi)
  @Header('content-type', 'application/json; charset=utf-8')
  document(): string {
    return this.json;
  }

  @Get('docs')
  @Describes(getDocs)
  @Header('content-type', 'text/html; charset=utf-8')
  docs(@Res({ passthrough: true }) response: Response): string {
    response.setHeader('content-security-policy', this.page.contentSecurityPolicy);
    return this.page.html;
  }
}
