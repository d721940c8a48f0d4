import {
  MAX_FILTER_CONDITIONS,
  MAX_FILTER_DEPTH,
  MAX_FILTER_PATH_LENGTH,
  MAX_FILTER_TEXT_LENGTH,
  MAX_FILTER_VALUES,
} from '#libs/domain';
import { z } from 'zod';

const NAME = 'Filter';
const EXAMPLE = { field: 'data.activeflow_id', equals: 'd0e2a1f4-6c0b-4f6e-8b0a-2f7c9e5d1a33' };

const text = z.string().max(MAX_FILTER_TEXT_LENGTH);
const value = z.union([text, z.number(), z.boolean()]);
const bound = z.number().optional();

const condition = z
  .strictObject({
    field: z
      .string()
      .max(MAX_FILTER_PATH_LENGTH)
      .meta({ description: 'The way to a value in the body, with dots between the names.' }),
    equals: value.optional().meta({ description: 'Is this.' }),
    in: z.array(value).min(1).max(MAX_FILTER_VALUES).optional().meta({ description: 'Is one of these.' }),
    exists: z.boolean().optional().meta({ description: 'Is there and not null (true); is absent or null (false).' }),
    gt: bound.meta({ description: 'Is a number that is larger.' }),
    gte: bound.meta({ description: 'Is a number that is as large or larger.' }),
    lt: bound.meta({ description: 'Is a number that is smaller.' }),
    lte: bound.meta({ description: 'Is a number that is as small or smaller.' }),
  })
  .meta({ description: 'Holds when all its comparisons do.', minProperties: 2 });

/** A filter as it is described to strangers; `readFilter` of the domain judges it, and says what is wrong with one. */
export const describedFilter: z.ZodType<Readonly<Record<string, unknown>>> = z
  .union([
    condition,
    z.strictObject({ all: z.array(z.lazy(() => describedFilter)).min(1) }),
    z.strictObject({ any: z.array(z.lazy(() => describedFilter)).min(1) }),
  ])
  .meta({
    id: NAME,
    description: `Which of the events of the chosen types are wanted: a condition, or filters joined by \`all\` or \`any\`, at most ${MAX_FILTER_DEPTH} levels deep, with at most ${MAX_FILTER_CONDITIONS} conditions.`,
    examples: [EXAMPLE],
  });

/** The description of a field that holds a filter, or null for none. */
export const FILTER_OR_NULL = {
  anyOf: [{ $ref: `#/$defs/${NAME}` }, { type: 'null' as const }],
  description: 'Which events of these types are wanted. Null clears it: all are.',
  examples: [EXAMPLE],
};
