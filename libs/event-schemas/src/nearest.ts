import { distance } from 'fastest-levenshtein';

const MAX_SUGGESTIONS = 3;

/** The known names that `name` may be a misspelling of, nearest first. */
export function nearest(name: string, known: Iterable<string>): readonly string[] {
  const limit = Math.max(2, Math.floor(name.length / 3));
  return [...known]
    .map((candidate) => ({ candidate, away: distance(name, candidate) }))
    .filter(({ away }) => away <= limit)
    .toSorted((a, b) => a.away - b.away)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ candidate }) => candidate);
}
