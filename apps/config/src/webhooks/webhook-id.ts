/** Nobody's; for the description. */
export const EXAMPLE_WEBHOOK = 'f3a4d0c6-55a1-4a6e-8a4b-1f0c2b7d9e10';

/** The description of the webhook's id in a path. */
export const WEBHOOK_ID = { description: "The webhook's id.", example: EXAMPLE_WEBHOOK };
