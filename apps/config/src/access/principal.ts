import type { Request } from 'express';

/** Whose key a request carries. */
export type Principal =
  | { readonly kind: 'operator' }
  | {
      readonly kind: 'customer';
      readonly customerId: string;
      /** The access key's id; it may be logged. */
      readonly keyId: string;
    };

const principals = new WeakMap<Request, Principal>();

/** Notes whose request this is. */
export function setPrincipal(request: Request, principal: Principal): void {
  principals.set(request, principal);
}

/** Whose request this is, where that is known: a key may be missing or wrong. */
export function knownPrincipalOf(request: Request): Principal | undefined {
  return principals.get(request);
}

/** Whose request this is. @throws Error when the call is not guarded. */
export function principalOf(request: Request): Principal {
  const principal = principals.get(request);
  if (!principal) throw new Error('a call without an access guard asked whose request it is');
  return principal;
}

/** The customer whose things the request may see; undefined = everybody's. */
export function scopeOf(request: Request): string | undefined {
  const principal = principalOf(request);
  return principal.kind === 'operator' ? undefined : principal.customerId;
}
