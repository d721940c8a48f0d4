import { EXAMPLE_WEBHOOK } from '../openapi/example-ids.ts';

/** The description of the webhook's id in a path. */
export const WEBHOOK_ID = { description: "The webhook's id.", example: EXAMPLE_WEBHOOK };
