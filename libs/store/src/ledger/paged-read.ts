import type { FindCursor } from 'mongodb';

/** Entries of a list, and whether there are more behind them. */
export interface EntryPage<T> {
  readonly entries: readonly T[];
  readonly more: boolean;
}

const BATCH = 20;

/** Reads entries until there are `limit`, or until they hold `maxBytes`: at least one. Memory stays bounded whatever their sizes. */
export async function readWithin<D extends { readonly kept: { readonly bytes: number } }>(
  cursor: FindCursor<D>,
  { limit, maxBytes }: { readonly limit: number; readonly maxBytes: number },
): Promise<EntryPage<D>> {
  const entries: D[] = [];
  let bytes = 0;
  try {
    for await (const document of cursor.limit(limit + 1).batchSize(BATCH)) {
      bytes += document.kept.bytes;
      if (entries.length === limit || (entries.length > 0 && bytes > maxBytes)) return { entries, more: true };
      entries.push(document);
    }
    return { entries, more: false };
  } finally {
    await cursor.close();
  }
}
