export { AdminApi, type AdminApiOptions, type Answer } from './admin-api.ts';
export { ApiRefusal, ApiUnreachable, type FieldProblem } from './failures.ts';
export type { AnswerOf, CallId, EntryOf, InputOf, ListId } from './calls.ts';
export type { components } from './generated/types.ts';
