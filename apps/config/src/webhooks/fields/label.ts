import { z } from 'zod';

const MAX_NAME_LENGTH = 200;
const MAX_DESCRIPTION_LENGTH = 2_000;

/** What a customer calls a webhook. */
export const webhookName = label(MAX_NAME_LENGTH).meta({
  description: 'What you call it. Null clears it.',
  examples: ['Orders'],
});
/** What a customer notes about a webhook. */
export const webhookDescription = label(MAX_DESCRIPTION_LENGTH).meta({
  description: 'Your notes on it. Null clears it.',
  examples: ['For the order system; ask Kim.'],
});

/** Text for people. Null clears it. */
function label(maxLength: number) {
  return z
    .string({ error: `must be text of 1 to ${maxLength} characters, or null` })
    .trim()
    .min(1, { error: 'must not be empty; null clears it' })
    .max(maxLength, { error: `must have at most ${maxLength} characters` })
    .nullable();
}
