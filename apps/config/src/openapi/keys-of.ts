/** The names of a table's entries, which are exactly those of its type. */
export function keysOf<T extends Readonly<Record<string, unknown>>>(table: T): ReadonlyArray<Extract<keyof T, string>> {
  const isKey = (name: string): name is Extract<keyof T, string> => Object.hasOwn(table, name);
  return Object.keys(table).filter(isKey);
}
