/** Injection token: `Clock`. */
export const CLOCK = Symbol('CLOCK');
/** Injection token: `TopicPlan`. */
export const TOPIC_PLAN = Symbol('TOPIC_PLAN');
/** Injection token: `Logger`. */
export const LOGGER = Symbol('LOGGER');
/** Injection token: whether endpoints may be http as well as https. */
export const ALLOW_HTTP = Symbol('ALLOW_HTTP');
/** Injection token: how many webhooks a customer may have. */
export const MAX_WEBHOOKS = Symbol('MAX_WEBHOOKS');
