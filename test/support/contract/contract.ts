import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Response } from 'got';

import {
  type Answer,
  type Method,
  METHODS,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  type Reference,
} from '../../../apps/config/src/openapi/open-api.ts';

/** A call that the document describes. */
export interface DescribedCall {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation;
  /** What an access key needs to make it; undefined where no key is needed. */
  readonly scope: string | undefined;
  readonly parameters: readonly Parameter[];
  /** By their statuses. */
  readonly answers: ReadonlyMap<number, Answer>;
}

/** An answer as it arrived. */
export interface Arrived {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Empty when there is none. */
  readonly body: string;
}

/** What has arrived by `got`. */
export function arrived({ statusCode, headers, rawBody }: Response): Arrived {
  const texts = Object.entries(headers).map(([name, value]) => [name, value?.toString()]);
  return { status: statusCode, headers: Object.fromEntries(texts), body: Buffer.from(rawBody).toString() };
}

type Schema = Readonly<Record<string, unknown>>;

/** An OpenAPI document, and what answers have to be by it. Fields that it does not describe count as wrong. */
export class Contract {
  readonly calls: readonly DescribedCall[];
  private readonly document: OpenApiDocument;
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly checks = new WeakMap<object, ValidateFunction>();
  private readonly patterns: ReadonlyArray<readonly [RegExp, DescribedCall]>;

  constructor(document: OpenApiDocument) {
    this.document = document;
    formats.default(this.ajv);
    this.ajv.addSchema({ $id: 'api', components: { schemas: closed(document.components.schemas) } });
    this.calls = Object.entries(document.paths).flatMap(([path, item]) =>
      methodsOf(item).map(([method, operation]) => ({
        id: operation.operationId,
        method,
        path,
        operation,
        scope: operation.security[0]?.['accessKey']?.[0],
        parameters: operation.parameters.map((given) => resolved(given, document.components.parameters)),
        answers: new Map(
          Object.entries(operation.responses).map(([status, given]) => [
            Number(status),
            resolved(given, document.components.responses),
          ]),
        ),
      })),
    );
    this.patterns = this.calls.map((call) => [patternOf(call), call]);
  }

  /** The call that a request makes, by its method and path; undefined when none is described. */
  callOf(method: string, path: string): DescribedCall | undefined {
    const fits = ([pattern, call]: readonly [RegExp, DescribedCall]): boolean =>
      call.method === method.toLowerCase() && pattern.test(path);
    return this.patterns.find(fits)?.[1];
  }

  /** In what an answer differs from its description; empty when it does not. */
  differences(call: DescribedCall, arrived: Arrived): readonly string[] {
    const answer = call.answers.get(arrived.status);
    if (answer === undefined) return [`the status ${arrived.status} is not described: ${arrived.body}`];
    return [...this.headerDifferences(answer, arrived), ...this.bodyDifferences(answer, arrived)];
  }

  private headerDifferences({ headers }: Answer, arrived: Arrived): string[] {
    const described = Object.entries(headers).flatMap(([name, given]) => {
      const header = resolved(given, this.document.components.headers);
      const value = arrived.headers[name];
      if (value === undefined) return header.required ? [`the header ${name} is missing`] : [];
      return this.problems(header.schema, value).map((problem) => `the header ${name} is ${value}: ${problem}`);
    });
    const others = Object.keys(this.document.components.headers).filter(
      (name) => arrived.headers[name] !== undefined && !(name in headers),
    );
    return [...described, ...others.map((name) => `the header ${name} is not described`)];
  }

  private bodyDifferences({ content }: Answer, arrived: Arrived): string[] {
    if (content === undefined) return arrived.body === '' ? [] : [`a body is not described: ${arrived.body}`];
    const type = arrived.headers['content-type']?.split(';')[0] ?? 'none';
    const media = content[type];
    if (media === undefined) return [`the content type ${type} is not described`];
    const value: unknown = type === 'application/json' ? JSON.parse(arrived.body) : arrived.body;
    return this.problems(media.schema, value).map((problem) => `the body: ${problem} in ${arrived.body}`);
  }

  /** What is wrong with a value by a schema of the document; empty when nothing is. */
  problems(schema: object, value: unknown): string[] {
    const check = this.checks.get(schema) ?? this.ajv.compile(absolute(closed(schema)));
    this.checks.set(schema, check);
    return check(value) ? [] : [this.ajv.errorsText(check.errors)];
  }
}

/** References lead into the document, wherever the schema stands by itself. */
function absolute(schema: unknown): object {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#', '"$ref":"api#');
  return Object(JSON.parse(text));
}

function patternOf({ path }: DescribedCall): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
}

function methodsOf(item: OpenApiDocument['paths'][string]): Array<[Method, Operation]> {
  return METHODS.flatMap((method) => {
    const operation = item[method];
    return operation === undefined ? [] : [[method, operation] satisfies [Method, Operation]];
  });
}

/** What stands there, or what it refers to. @throws Error when that is nothing */
function resolved<T extends object>(given: T | Reference, among: Readonly<Record<string, T>>): T {
  if (!('$ref' in given)) return given;
  const found = among[given.$ref.slice(given.$ref.lastIndexOf('/') + 1)];
  if (found === undefined) throw new Error(`${given.$ref} leads nowhere`);
  return found;
}

/** The same schemas, where objects have no other fields than those that are described. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isSchema(schema)) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, closed(part)]));
  const isOpen = schema['type'] === 'object' && schema['properties'] !== undefined;
  return isOpen ? { additionalProperties: false, ...parts } : parts;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null;
}
