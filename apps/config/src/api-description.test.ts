import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { loadCatalogue } from '#libs/event-schemas';
import { packageRoot } from '#libs/runtime';
import { Validator } from '@seriousme/openapi-schema-validator';

import { Contract } from '../../../test/support/contract/contract.ts';
import { apiDescription } from './api-description.ts';
import { REASONS } from './http/reasons.ts';

const catalogue = loadCatalogue(join(packageRoot(), 'schemas'));
const document = apiDescription({ catalogue, allowHttp: false });
const contract = new Contract(document);
const { schemas, responses } = document.components;

/** The schemas within a value that bring examples. */
function partsWithExamples(value: unknown): Array<{ examples: unknown[] }> {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'examples' in value && Array.isArray(value.examples) ? [{ ...value, examples: value.examples }] : [];
  return [...own, ...Object.values(value).flatMap(partsWithExamples)];
}

describe('the description of the admin REST', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...document });
    expect([valid, errors]).toEqual([true, undefined]);
    expect(validator.version).toBe('3.1');
  });

  it('has an id of its own for every call', () => {
    const ids = contract.calls.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(25);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(contract.calls.map((call) => [call.id, call] as const))('%s: examples fit', (_, call) => {
    for (const { description, schema, example } of call.parameters) {
      expect(description).toMatch(/\w/);
      expect(contract.problems(schema, example)).toEqual([]);
    }
    for (const { schema, example } of Object.values(call.operation.requestBody?.content ?? {})) {
      expect(contract.problems(schema, example)).toEqual([]);
    }
    for (const { description, content = {} } of call.answers.values()) {
      expect(description).toMatch(/\w/);
      for (const { schema, example, examples = {} } of Object.values(content)) {
        const values = example === undefined ? Object.values(examples).map(({ value }) => value) : [example];
        expect(values).not.toEqual([]);
        for (const value of values) expect(contract.problems(schema, value)).toEqual([]);
      }
    }
  });

  it.each(Object.entries(schemas))('%s: the examples of its fields fit', (_, schema) => {
    for (const part of partsWithExamples(schema)) {
      for (const example of part.examples) expect([example, contract.problems(part, example)]).toEqual([example, []]);
    }
  });

  it('names every reason for which a call can fail', () => {
    const named = Object.values(responses).flatMap(({ content }) =>
      Object.values(content ?? {}).flatMap(({ examples }) => Object.keys(examples ?? {})),
    );
    expect(new Set(named)).toEqual(new Set(Object.keys(REASONS)));
  });

  it('says whom a call lets in', () => {
    const needed = (id: string): unknown => contract.calls.find((call) => call.id === id)?.operation.security;
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
