import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';

import { z } from 'zod';

import { listen } from '../listen.ts';

const attribute = z.object({
  key: z.string(),
  value: z.object({
    stringValue: z.string().optional(),
    intValue: z.union([z.number(), z.string()]).optional(),
    boolValue: z.boolean().optional(),
  }),
});
const spanJson = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  attributes: z.array(attribute),
});
const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(spanJson) })),
    }),
  ),
});

/** A span as the collector got it. */
export interface CollectedSpan extends Omit<z.output<typeof spanJson>, 'attributes'> {
  readonly service: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** Takes OTLP over HTTP in JSON, as an OpenTelemetry collector does at `/v1/traces`. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  address = '';
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      json(request).then(
        (body) => {
          if (request.url !== '/v1/traces') return response.writeHead(404).end();
          this.take(exported.parse(body));
          return response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        },
        () => response.writeHead(400).end(),
      );
    });
  }

  static async open(): Promise<Collector> {
    const collector = new Collector();
    collector.address = `http://127.0.0.1:${await listen(collector.server)}`;
    return collector;
  }

  /** The spans that carry an attribute with this value, in the order of their start. */
  with(key: string, value: string): CollectedSpan[] {
    return this.spans
      .filter(({ attributes }) => attributes[key] === value)
      .toSorted((one, other) => Number(BigInt(one.startTimeUnixNano) - BigInt(other.startTimeUnixNano)));
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private take({ resourceSpans }: z.output<typeof exported>): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(valuesOf(resource.attributes)['service.name']);
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        this.spans.push({ ...span, service, attributes: valuesOf(span.attributes) });
      }
    }
  }
}

function valuesOf(attributes: ReadonlyArray<z.output<typeof attribute>>): CollectedSpan['attributes'] {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.boolValue ?? '']),
  );
}
