import { z } from 'zod';

/** What an answer shows, as its schema says: a field that is not described does not compile. */
export type Shown<S extends z.ZodType> = DeepReadonly<z.output<S>>;

type DeepReadonly<T> =
  T extends ReadonlyArray<infer E>
    ? ReadonlyArray<DeepReadonly<E>>
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T;

const EXAMPLE_TIME = '2026-11-25T10:00:00.000Z';
const FORMAT = 'date-time';

/** The description of a time. */
export function shownTime(description: string) {
  return z.string().meta({ format: FORMAT, description, examples: [EXAMPLE_TIME] });
}

/** The description of a time that may not be there. */
export function shownTimeOrNull(description: string, example: string | null = EXAMPLE_TIME) {
  return z
    .string()
    .nullable()
    .meta({ format: FORMAT, description, examples: [example] });
}

/** The description of an id. */
export function shownId(description: string, example: string) {
  return z.string().meta({ description, examples: [example] });
}

/** The description of a time span in milliseconds that may not have been measured. */
export function shownMsOrNull(description: string, example: number | null) {
  return z
    .number()
    .min(0)
    .nullable()
    .meta({ description, examples: [example] });
}

/** The description of a number of things. */
export function shownCount(description: string, example = 2) {
  return z
    .int()
    .min(0)
    .meta({ description, examples: [example] });
}

/** The description of text that may not be there. */
export function shownTextOrNull(description: string, example: string | null) {
  return z
    .string()
    .nullable()
    .meta({ description, examples: [example] });
}

/** The description of a page of a list. */
export function shownPage<T extends z.ZodType>(entry: T) {
  return z.object({
    result: z.array(entry),
    next_page_token: z.string().meta({ description: 'For `page_token`; empty on the last page.', examples: [''] }),
  });
}
