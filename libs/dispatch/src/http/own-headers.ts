import type { OwnHeader } from '#libs/domain';
import type { SecretBox } from '#libs/runtime';
import { LRUCache } from 'lru-cache';

const MAX_VALUES = 100_000;

/** Adds the request headers of customers; sensitive values are decrypted once and kept ready for use. */
export class OwnHeaders {
  private readonly secretBox: SecretBox;
  private readonly values = new LRUCache<string, string>({ max: MAX_VALUES });

  constructor(secretBox: SecretBox) {
    this.secretBox = secretBox;
  }

  /** False when a value cannot be decrypted. @param headers names and values in turn; what is added stands at its end */
  addTo(headers: string[], own: readonly OwnHeader[]): boolean {
    for (const header of own) {
      const value = 'value' in header ? header.value : (this.values.get(header.sealed) ?? this.open(header.sealed));
      if (value === undefined) return false;
      headers.push(header.name, value);
    }
    return true;
  }

  private open(sealed: string): string | undefined {
    const value = this.secretBox.open(sealed)?.toString();
    if (value !== undefined) this.values.set(sealed, value);
    return value;
  }
}
