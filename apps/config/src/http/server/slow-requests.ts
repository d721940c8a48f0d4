import { createServer, type RequestListener, type Server } from 'node:http';

import { ExpressAdapter } from '@nestjs/platform-express';

/** How long a client may take, in milliseconds. */
export interface RequestTimes {
  /** From the first byte to the end of the headers. */
  readonly headersMs: number;
  /** From the first byte to the end of the body. */
  readonly requestMs: number;
}

const MAX_HEADER_BYTES = 16 * 1024;
/** Longer than load balancers keep a connection that is idle (60 s), so that none ends while a request is on its way. */
const KEPT_IDLE_MS = 65_000;
const LONGEST_CHECK_MS = 1_000;

/** An HTTP server on which nobody keeps a connection busy by being slow. */
export class PatientAdapter extends ExpressAdapter {
  private readonly times: RequestTimes;

  constructor(times: RequestTimes) {
    super();
    this.times = times;
  }

  override initHttpServer(): void {
    this.setHttpServer(serverFor(this.getInstance(), this.times));
  }
}

function serverFor(listener: RequestListener, { headersMs, requestMs }: RequestTimes): Server {
  return createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(headersMs, LONGEST_CHECK_MS),
      keepAliveTimeout: KEPT_IDLE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    listener,
  );
}
