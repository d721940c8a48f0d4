/** What an endpoint does with a request. */
export type Behaviour =
  { readonly kind: 'answer' } | { readonly kind: 'wait'; readonly ms: number } | { readonly kind: 'hang' };

/** An endpoint of the receiver: its number, and what it does. */
export interface Target {
  readonly endpoint: number;
  readonly behaviour: Behaviour;
}

const PATH = /^\/(?:(ok)|(hang)|wait\/(\d+))\/(\d+)$/;

/** The path of an endpoint; {@link targetOf} reads it back. */
export function pathOf({ endpoint, behaviour }: Target): string {
  switch (behaviour.kind) {
    case 'answer':
      return `/ok/${endpoint}`;
    case 'wait':
      return `/wait/${behaviour.ms}/${endpoint}`;
    case 'hang':
      return `/hang/${endpoint}`;
  }
}

/** The endpoint that a path stands for; undefined when it is none. */
export function targetOf(path: string): Target | undefined {
  const [, ok, hang, ms, endpoint] = PATH.exec(path) ?? [];
  if (endpoint === undefined) return undefined;
  const number = Number(endpoint);
  if (ok !== undefined) return { endpoint: number, behaviour: { kind: 'answer' } };
  if (hang !== undefined) return { endpoint: number, behaviour: { kind: 'hang' } };
  return { endpoint: number, behaviour: { kind: 'wait', ms: Number(ms) } };
}
