import type { Request } from 'express';

/** The methods that the request's path answers to; none when there is no such path. */
export function knownMethods(request: Request): readonly string[] {
  const methods = request.app.router.stack.flatMap(({ route }) =>
    route !== undefined && patternOf(route.path).test(request.path) ? route.stack.map(({ method }) => method) : [],
  );
  return [...new Set(methods.map((method) => method.toUpperCase()))];
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/:[^/]+/g, '[^/]+')}/?$`, 'i');
}
