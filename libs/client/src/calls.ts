import type { operations } from './generated/types.ts';

/** The id of a call, as the API's description names it, for example `createWebhook`. */
export type CallId = keyof operations;

type Parameters<C extends CallId> = operations[C]['parameters'];
type Body<C extends CallId> = operations[C] extends { readonly requestBody: infer R } ? ContentOf<R> : never;
type ContentOf<R> = R extends { readonly content: { readonly 'application/json': infer B } } ? B : never;

/** What a call takes. Parts that a call does not have, or does not need, can be left out. */
export type InputOf<C extends CallId> = Part<'path', Parameters<C>['path']> &
  Part<'query', Parameters<C>['query']> &
  Part<'headers', Parameters<C>['header']> &
  ([Body<C>] extends [never] ? OptionalBody<C> : { readonly body: Body<C> });

type OptionalBody<C extends CallId> = operations[C] extends { readonly requestBody?: infer R }
  ? [ContentOf<NonNullable<R>>] extends [never]
    ? object
    : { readonly body?: ContentOf<NonNullable<R>> }
  : object;

type Part<N extends string, V> = [NonNullable<V>] extends [never]
  ? object
  : object extends NonNullable<V>
    ? { readonly [K in N]?: V }
    : { readonly [K in N]: V };

type Responses<C extends CallId> = operations[C]['responses'];
type SuccessOf<C extends CallId> = Responses<C>[keyof Responses<C>];

/** What a call answers with: the body, or null where there is none. */
export type AnswerOf<C extends CallId> =
  SuccessOf<C> extends { readonly content: infer M }
    ? M extends { readonly [type: string]: infer B }
      ? B
      : null
    : null;

/** The calls that answer with a page of a list. */
export type ListId = {
  [C in CallId]: AnswerOf<C> extends { readonly result: readonly unknown[]; readonly next_page_token: string }
    ? C
    : never;
}[CallId];

/** An entry of a list. */
export type EntryOf<C extends ListId> = AnswerOf<C> extends { readonly result: ReadonlyArray<infer E> } ? E : never;
