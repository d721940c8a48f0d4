import { Histogram, type MetricsRegistry } from '#libs/runtime';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const NO_ROUTE = 'none';
/** The client went before it had its answer. */
const GONE = 'gone';

/**
 * Measures requests by method, route and status. A route is the path with its parameters' names; what fits no call shares one, and the HTTP
 * parser knows its methods, so that strangers cannot make series.
 */
export function requestMetrics(metrics: MetricsRegistry, now: () => number): RequestHandler {
  const durations = new Histogram({
    name: 'webhook_api_request_duration_seconds',
    help: 'Requests to the admin REST',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_S,
    registers: [metrics],
  });
  return (request: Request, response: Response, next: NextFunction): void => {
    const began = now();
    response.once('close', () => {
      const status = response.writableFinished ? String(response.statusCode) : GONE;
      durations.observe({ method: request.method, route: routeOf(request), status }, (now() - began) / 1_000);
    });
    next();
  };
}

function routeOf(request: Request): string {
  const route: unknown = request.route;
  const path: unknown = typeof route === 'object' && route !== null ? Reflect.get(route, 'path') : undefined;
  return typeof path === 'string' ? path : NO_ROUTE;
}
