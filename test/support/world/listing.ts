import type { Got } from 'got';

/** The answer to a list call. */
export interface Listing<T> {
  readonly result: readonly T[];
  readonly next_page_token: string;
}

/** Everything that a list call has, page by page. */
export async function listAll<T>(http: Got, path: string, parameters: Record<string, string> = {}): Promise<T[]> {
  const all: T[] = [];
  let token = '';
  do {
    const searchParams = { ...parameters, page_token: token };
    const page = await http.get(path, { searchParams }).json<Listing<T>>();
    all.push(...page.result);
    token = page.next_page_token;
  } while (token !== '');
  return all;
}
