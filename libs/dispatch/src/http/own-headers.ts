import type { OwnHeader } from '#libs/domain';
import type { SecretBox } from '#libs/runtime';
import { LRUCache } from 'lru-cache';

import { headerLine } from './request-bytes.ts';

const MAX_VALUES = 100_000;

/** Writes the request headers of customers; sensitive values are decrypted once and kept ready for use. */
export class OwnHeaders {
  private readonly secretBox: SecretBox;
  private readonly values = new LRUCache<string, string>({ max: MAX_VALUES });

  constructor(secretBox: SecretBox) {
    this.secretBox = secretBox;
  }

  /** As lines; undefined when a value cannot be decrypted. @throws InvalidHeaderError */
  lines(own: readonly OwnHeader[]): string | undefined {
    let lines = '';
    for (const header of own) {
      const value = 'value' in header ? header.value : (this.values.get(header.sealed) ?? this.open(header.sealed));
      if (value === undefined) return undefined;
      lines += headerLine(header.name, value);
    }
    return lines;
  }

  private open(sealed: string): string | undefined {
    const value = this.secretBox.open(sealed)?.toString();
    if (value !== undefined) this.values.set(sealed, value);
    return value;
  }
}
