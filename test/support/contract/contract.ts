import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Response } from 'got';

import type {
  Answer,
  Method,
  OpenApiDocument,
  Operation,
  Parameter,
  Reference,
} from '../../../apps/config/src/openapi/open-api.ts';

/** A call that the document describes. */
export interface DescribedCall {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation;
  readonly parameters: readonly Parameter[];
  readonly statuses: readonly number[];
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
  private readonly checks = new Map<string, ValidateFunction>();
  private readonly patterns = new Map<string, RegExp>();

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
        parameters: operation.parameters.map((given) => this.parameter(given)),
        statuses: Object.keys(operation.responses).map(Number),
      })),
    );
  }

  /** @throws Error when no call has this id */
  call(id: string): DescribedCall {
    const call = this.calls.find((candidate) => candidate.id === id);
    if (!call) throw new Error(`no call is described as ${id}`);
    return call;
  }

  /** The call that a request makes, by its method and path; undefined when none is described. */
  callOf(method: string, path: string): DescribedCall | undefined {
    return this.calls.find((call) => call.method === method.toLowerCase() && this.pattern(call).test(path));
  }

  /** In what an answer differs from its description; empty when it does not. */
  differences(call: DescribedCall, arrived: Arrived): readonly string[] {
    const given = call.operation.responses[arrived.status];
    if (given === undefined) return [`the status ${arrived.status} is not described: ${arrived.body}`];
    const answer = this.answer(given);
    return [...this.headerDifferences(answer, arrived), ...this.bodyDifferences(answer, arrived)];
  }

  private headerDifferences({ headers }: Answer, arrived: Arrived): string[] {
    const described = Object.entries(headers).flatMap(([name, given]) => {
      const header = '$ref' in given ? this.document.components.headers[nameIn(given)] : given;
      if (header === undefined) return [`the header ${name} refers to nothing`];
      const value = arrived.headers[name];
      if (value === undefined) return header.required ? [`the header ${name} is missing`] : [];
      return this.valid(header.schema, value).map((problem) => `the header ${name} is ${value}: ${problem}`);
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
    return this.valid(media.schema, value).map((problem) => `the body: ${problem} in ${arrived.body}`);
  }

  private valid(schema: object, value: unknown): string[] {
    const text = JSON.stringify(closed(schema)).replaceAll('"$ref":"#', '"$ref":"api#');
    const check = this.checks.get(text) ?? this.ajv.compile(JSON.parse(text));
    this.checks.set(text, check);
    return check(value) ? [] : [this.ajv.errorsText(check.errors)];
  }

  private pattern({ path }: DescribedCall): RegExp {
    const known = this.patterns.get(path);
    const pattern = known ?? new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
    this.patterns.set(path, pattern);
    return pattern;
  }

  private parameter(given: Parameter | Reference): Parameter {
    const parameter = '$ref' in given ? this.document.components.parameters[nameIn(given)] : given;
    if (!parameter) throw new Error('a parameter refers to nothing');
    return parameter;
  }

  private answer(given: Answer | Reference): Answer {
    const answer = '$ref' in given ? this.document.components.responses[nameIn(given)] : given;
    if (!answer) throw new Error('an answer refers to nothing');
    return answer;
  }
}

const METHODS: readonly Method[] = ['get', 'post', 'put', 'patch', 'delete'];

function methodsOf(item: OpenApiDocument['paths'][string]): Array<[Method, Operation]> {
  return METHODS.flatMap((method) => {
    const operation = item[method];
    return operation === undefined ? [] : [[method, operation] satisfies [Method, Operation]];
  });
}

function nameIn({ $ref }: Reference): string {
  return $ref.slice($ref.lastIndexOf('/') + 1);
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
