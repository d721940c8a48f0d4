export * from './clock.ts';
export * from './errors.ts';
export * from './event.ts';
export * from './matching.ts';
export * from './outcome.ts';
export * from './retry-schedule.ts';
export * from './webhook.ts';
