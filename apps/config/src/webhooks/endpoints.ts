import { assertNever } from '#libs/domain';
import { EndpointCheck, type EndpointVerdict } from '#libs/dispatch';
import { Inject, Injectable } from '@nestjs/common';

import { invalidFields } from '../http/api-error.ts';

/** Where webhooks may point, as far as it can be told before an event is sent. */
@Injectable()
export class Endpoints {
  private readonly check: EndpointCheck;

  constructor(@Inject(EndpointCheck) check: EndpointCheck) {
    this.check = check;
  }

  /**
   * Looks up the host of a URL whose form has been judged; takes at most 2 s. A name that has no address yet is no reason to refuse.
   *
   * @throws ApiError 400 for a URL that leads to where webhooks may not point.
   */
  async expectAllowed(url: string): Promise<void> {
    const message = problemOf(await this.check.judge(new URL(url)));
    if (message !== undefined) throw invalidFields([{ field: 'url', message }]);
  }
}

function problemOf(verdict: EndpointVerdict): string | undefined {
  switch (verdict.kind) {
    case 'allowed':
    case 'unresolved':
      return undefined;
    case 'port_refused':
      return `must not use port ${verdict.port}; use 443 or one from 1024 on`;
    case 'address_refused':
      return `must lead to a public address, which ${verdict.host} does not; use a host that can be reached from the internet`;
    default:
      return assertNever(verdict);
  }
}
