const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;

/** The 32-bit murmur2 hash by which Java's producer and kafkajs choose a key's partition. The client's own takes 64-bit detours. */
export function murmur2(key: Uint8Array): number {
  const { length } = key;
  let hash = SEED ^ length;
  const blocks = length & ~3;
  for (let at = 0; at < blocks; at += 4) {
    let block = byte(key, at) | (byte(key, at + 1) << 8) | (byte(key, at + 2) << 16) | (byte(key, at + 3) << 24);
    block = Math.imul(block, MULTIPLIER);
    block = Math.imul(block ^ (block >>> 24), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ block;
  }
  const rest = length & 3;
  if (rest > 2) hash ^= byte(key, blocks + 2) << 16;
  if (rest > 1) hash ^= byte(key, blocks + 1) << 8;
  if (rest > 0) hash = Math.imul(hash ^ byte(key, blocks), MULTIPLIER);
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** The partition of a key among so many. */
export function partitionOf(key: Buffer | string, partitions: number): number {
  return (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitions;
}

function byte(key: Uint8Array, at: number): number {
  return key[at] ?? 0;
}
