import type { OwnHeader } from '#libs/domain';
import { SecretBox } from '#libs/runtime';
import { Inject, Injectable } from '@nestjs/common';

import { invalidFields } from '../../http/api-error.ts';
import { HIDDEN_VALUE, isSensitive, MAX_HEADERS } from './header-rules.ts';

/** Names and values as a customer gives them; null removes a header. */
export type GivenHeaders = Readonly<Record<string, string | null>>;

/** Customers' request headers between what is given, what is stored and what is shown: values of sensitive ones are stored sealed. */
@Injectable()
export class OwnHeaders {
  private readonly secretBox: SecretBox;

  constructor(@Inject(SecretBox) secretBox: SecretBox) {
    this.secretBox = secretBox;
  }

  /**
   * The headers after a change (RFC 7396): those that are not named stay. A value that is the same already stays as it is stored.
   *
   * @param given undefined changes nothing, null removes all
   * @throws ApiError 400 when there would be too many
   */
  after(
    before: readonly OwnHeader[] | undefined,
    given: GivenHeaders | null | undefined,
  ): readonly OwnHeader[] | null | undefined {
    if (given === undefined || given === null) return given;
    const headers = new Map((before ?? []).map((header) => [header.name, header]));
    for (const [key, value] of Object.entries(given)) {
      const name = key.toLowerCase();
      if (value === null) headers.delete(name);
      else if (!this.holds(headers.get(name), value)) headers.set(name, this.stored(name, value));
    }
    if (headers.size > MAX_HEADERS) {
      const message = `would be ${headers.size} with those that are there, and may be ${MAX_HEADERS}; null removes one`;
      throw invalidFields([{ field: 'headers', message }]);
    }
    return headers.size === 0 ? null : [...headers.values()];
  }

  private stored(name: string, value: string): OwnHeader {
    return isSensitive(name) ? { name, sealed: this.secretBox.seal(Buffer.from(value)) } : { name, value };
  }

  private holds(header: OwnHeader | undefined, value: string): boolean {
    if (header === undefined) return false;
    return value === ('value' in header ? header.value : this.secretBox.open(header.sealed)?.toString());
  }
}

/** Headers as the admin REST shows them. */
export function shownHeaders(headers: readonly OwnHeader[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (headers ?? []).map((header) => [header.name, 'value' in header ? header.value : HIDDEN_VALUE]),
  );
}
