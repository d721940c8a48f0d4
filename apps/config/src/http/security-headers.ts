import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

const withoutFrames = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
});

/** Headers for an API that no browser should show, frame or keep; a call that answers with a page says so itself. */
export function securityHeaders(request: Request, response: Response, next: NextFunction): void {
  response.setHeader('cache-control', 'no-store');
  withoutFrames(request, response, next);
}
