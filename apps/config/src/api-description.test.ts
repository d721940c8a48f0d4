import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { loadCatalogue } from '#libs/event-schemas';
import { packageRoot } from '#libs/runtime';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

import { apiDescription } from './api-description.ts';
import { REASONS } from './http/reasons.ts';
import type { Answer, Operation, Parameter, Reference } from './openapi/open-api.ts';

const catalogue = loadCatalogue(join(packageRoot(), 'schemas'));
const document = apiDescription({ catalogue, allowHttp: false });
const operations: Array<readonly [string, Operation]> = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => [`${method} ${path}`, operation] as const),
);
const { schemas, responses, parameters } = document.components;

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema({ $id: 'api', components: { schemas } });

/** What is wrong with a value by a schema of the document; empty when nothing is. */
function problems(schema: object, value: unknown): string {
  const absolute: object = JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#', '"$ref":"api#'));
  const validate = ajv.compile(absolute);
  return validate(value) ? '' : ajv.errorsText(validate.errors);
}

const nameIn = ({ $ref }: Reference): string => $ref.slice($ref.lastIndexOf('/') + 1);
const answerOf = (answer: Answer | Reference): Answer | undefined =>
  '$ref' in answer ? responses[nameIn(answer)] : answer;
const parameterOf = (parameter: Parameter | Reference): Parameter | undefined =>
  '$ref' in parameter ? parameters[nameIn(parameter)] : parameter;

describe('the description of the admin REST', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...document });
    expect([valid, errors]).toEqual([true, undefined]);
    expect(validator.version).toBe('3.1');
  });

  it('has an id of its own for every call', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(ids.length).toBeGreaterThan(25);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(operations)('%s: what refers to something leads there, and examples fit', (_, operation) => {
    for (const given of operation.parameters) {
      const parameter = parameterOf(given);
      expect(parameter?.description).toMatch(/\w/);
      expect(problems(parameter?.schema ?? { not: {} }, parameter?.example)).toBe('');
    }
    for (const { schema, example } of Object.values(operation.requestBody?.content ?? {})) {
      expect(problems(schema, example)).toBe('');
    }
    for (const given of Object.values(operation.responses)) {
      const answer = answerOf(given);
      expect(answer?.description).toMatch(/\w/);
      for (const { schema, example, examples = {} } of Object.values(answer?.content ?? {})) {
        const values = example === undefined ? Object.values(examples).map(({ value }) => value) : [example];
        expect(values).not.toEqual([]);
        for (const value of values) expect(problems(schema, value)).toBe('');
      }
    }
  });

  it('names every reason for which a call can fail', () => {
    const named = Object.values(responses).flatMap(({ content }) =>
      Object.values(content ?? {}).flatMap(({ examples }) => Object.keys(examples ?? {})),
    );
    expect(new Set(named)).toEqual(new Set(Object.keys(REASONS)));
  });

  it('says whom a call lets in', () => {
    const needed = (id: string): unknown => operations.find(([, { operationId }]) => operationId === id)?.[1].security;
    expect(needed('listWebhooks')).toEqual([{ accessKey: ['read'] }]);
    expect(needed('createWebhook')).toEqual([{ accessKey: ['write'] }]);
    expect(needed('getSecret')).toEqual([{ accessKey: ['write'] }]);
    expect(needed('createCustomer')).toEqual([{ accessKey: ['operator'] }]);
    expect(needed('getLive')).toEqual([]);
  });

  it('does not offer fields that are known only to be refused', () => {
    expect(Object.keys(schemas['WebhookChange']?.properties ?? {})).not.toEqual(
      expect.arrayContaining(['secret', 'customer_id']),
    );
    expect(schemas['WebhookChange']?.properties).toHaveProperty('url');
  });

  it('allows http only where the service does', () => {
    const url = (allowHttp: boolean): unknown =>
      apiDescription({ catalogue, allowHttp }).components.schemas['NewWebhook']?.properties?.['url'];
    expect(url(false)).toMatchObject({ pattern: expect.stringMatching(/^\^https:/) });
    expect(url(true)).toMatchObject({ pattern: expect.stringMatching(/^\^https\?:/) });
  });
});
