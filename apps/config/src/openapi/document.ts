import type { Type } from '@nestjs/common';

import type { Reason } from '../http/reasons.ts';
import { answersOf } from './answers.ts';
import type { DescribedRules, Description } from './describes.ts';
import { exampleOf } from './example.ts';
import { Failures } from './failures.ts';
import { HEADERS, REQUEST_HEADERS, requestHeadersOf } from './headers.ts';
import { INTRODUCTION } from './introduction.ts';
import { asSchema, JsonSchemas } from './json-schemas.ts';
import type { OpenApiDocument, Operation, Parameter, PathItem, Reference } from './open-api.ts';
import { type Route, routesOf } from './routes.ts';
import { TAGS } from './tags.ts';

const BEARER = 'accessKey';
/** What can happen to any request, before it is known which call it makes. */
const OF_EVERY_CALL: readonly Reason[] = [
  'NO_SUCH_CALL',
  'METHOD_NOT_ALLOWED',
  'REQUEST_TIMEOUT',
  'UNKNOWN_EXPECTATION',
  'HEADERS_TOO_LARGE',
  'INTERNAL',
];

/**
 * The description of the API that the controllers make up.
 *
 * @param elsewhere descriptions of calls whose controllers cannot bring them
 * @throws Error that names what is not described
 */
export function openApiDocument(
  controllers: readonly Type[],
  rules: DescribedRules,
  elsewhere: ReadonlyMap<unknown, Description>,
): OpenApiDocument {
  const schemas = new JsonSchemas();
  const failures = new Failures(schemas);
  const paths: Record<string, PathItem> = {};
  for (const route of inOrder(routesOf(controllers, elsewhere))) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route, { rules, schemas, failures }) };
  }
  for (const reason of OF_EVERY_CALL) failures.of([reason], false);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Webhooks',
      version: '1.0.0',
      summary: 'Have the events of your VoIPBIN resources sent to your HTTPS endpoints.',
      description: INTRODUCTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: schemas.components,
      parameters: REQUEST_HEADERS,
      headers: HEADERS,
      responses: failures.components,
      securitySchemes: {
        [BEARER]: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An access key of a customer, `ak_...`, or the operator key. What follows it in an operation is the scope that the access key needs, `read` or `write`, or `operator` where only the operator key will do.',
        },
      },
    },
  };
}

/** Operations that are read together stand together, whichever controllers they are in. */
function inOrder(routes: readonly Route[]): readonly Route[] {
  const tags = Object.keys(TAGS);
  return routes.toSorted((a, b) => tags.indexOf(a.description.tag) - tags.indexOf(b.description.tag));
}

interface Given {
  readonly rules: DescribedRules;
  readonly schemas: JsonSchemas;
  readonly failures: Failures;
}

function operation(route: Route, { rules, schemas, failures }: Given): Operation {
  const { description } = route;
  return {
    operationId: description.operationId,
    tags: [description.tag],
    summary: description.summary,
    description: description.description,
    parameters: parametersOf(route, schemas),
    ...bodyOf(description, rules, schemas),
    responses: answersOf(route, schemas, failures),
    security: securityOf(route),
  };
}

function securityOf({ access }: Route): Operation['security'] {
  if (access.kind === 'open') return [];
  return [{ [BEARER]: access.operatorOnly ? ['operator'] : [access.scope] }];
}

function bodyOf({ body }: Description, rules: DescribedRules, schemas: JsonSchemas): Pick<Operation, 'requestBody'> {
  if (body === undefined) return {};
  const schema = schemas.named(body.name, schemas.of(body.schema(rules)));
  const example = exampleOf(schema, schemas, body.name);
  return { requestBody: { required: body.optional !== true, content: { 'application/json': { schema, example } } } };
}

function parametersOf(route: Route, schemas: JsonSchemas): ReadonlyArray<Parameter | Reference> {
  const { path = {}, query } = route.description;
  const described = Object.keys(path);
  const unlike = [...route.parameters, ...described].filter(
    (name) => !described.includes(name) || !route.parameters.includes(name),
  );
  if (unlike.length > 0) throw new Error(`${route.path} and its description differ in: ${unlike.join(', ')}`);
  return [
    ...route.parameters.map((name): Parameter => {
      const { description = '', example } = path[name] ?? {};
      return { name, in: 'path', required: true, description, schema: { type: 'string', minLength: 1 }, example };
    }),
    ...(query === undefined ? [] : queryParameters(schemas, query)),
    ...requestHeadersOf(route),
  ];
}

function queryParameters(schemas: JsonSchemas, query: NonNullable<Description['query']>): readonly Parameter[] {
  const { properties = {}, required = [] } = schemas.of(query);
  return Object.entries(properties).map(([name, property]) => {
    const { description = '', examples, ...schema } = asSchema(property);
    const example = exampleOf({ ...schema, ...(examples === undefined ? {} : { examples }) }, schemas, name);
    return { name, in: 'query', required: required.includes(name), description, schema, example };
  });
}
