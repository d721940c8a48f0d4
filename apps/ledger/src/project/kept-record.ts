import { headerEntries, type KafkaRecord } from '#libs/kafka';
import type { KeptRecord } from '#libs/store';

/** A record with all that is needed to put it back. */
export function keptRecord({ topic, partition, offset, key, value, headers }: KafkaRecord): KeptRecord {
  return {
    key: key ?? undefined,
    value: value ?? undefined,
    bytes: value?.length ?? 0,
    headers: headerEntries(headers),
    position: { topic, partition, offset },
  };
}
