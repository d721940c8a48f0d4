import { describe, expect, it } from '@jest/globals';
import { loadCatalogue } from '#libs/event-schemas';
import { packageRoot } from '#libs/runtime';
import { join } from 'node:path';
import type { z } from 'zod';

import { ApiError, type FieldProblem } from '../../http/api-error.ts';
import { checkBody } from '../../http/read-body.ts';
import { newWebhookSchema, webhookChangeSchema, webhookFields } from './webhook-fields.ts';

const catalogue = loadCatalogue(join(packageRoot(), 'schemas'));
const fields = webhookFields(catalogue, false);
const schema = newWebhookSchema(fields);
const changes = webhookChangeSchema(fields);
const valid = { url: 'https://example.com/hooks', event_types: ['call_hangup'] };

function problems(body: Record<string, unknown>, by: z.ZodObject = schema): readonly FieldProblem[] {
  try {
    checkBody(body, by);
    return [];
  } catch (error) {
    if (error instanceof ApiError) return error.details;
    throw error;
  }
}

describe('the url of a webhook', () => {
  it.each([
    ['https://example.com'],
    ['https://example.com:8443/a?b=c'],
    ['HTTPS://EXAMPLE.COM/'],
    ['https://[2001:db8::1]/'],
    [`https://example.com/${'a'.repeat(2_048 - 20)}`],
  ])('may be %s', (url) => {
    expect(problems({ ...valid, url })).toEqual([]);
  });

  it.each([
    [undefined, /^is required/],
    [7, /^is required/],
    [null, /^is required/],
    ['', /absolute https URL/],
    ['example.com/hooks', /absolute https URL/],
    ['/hooks', /absolute https URL/],
    ['https:example.com', /absolute https URL/],
    ['https:///hooks', /absolute https URL/],
    ['http://example.com/', /must begin with https:\/\/, not http:/],
    ['ftp://example.com/', /not ftp:/],
    ['https://name:password@example.com/', /user name or password/],
    ['https://name@example.com/', /user name or password/],
    ['https://example.com/#part', /fragment/],
    ['https://example.com/#', /fragment/],
    ['https://exa mple.com/', /valid https URL/],
    ['https://example.com/a\nb', /valid https URL/],
    ['https://example.com:99999/', /valid https URL/],
    [`https://example.com/${'a'.repeat(2_048 - 19)}`, /at most 2048 characters/],
  ])('may not be %j', (url, message) => {
    expect(problems({ ...valid, url })).toEqual([{ field: 'url', message: expect.stringMatching(message) }]);
  });

  it('may be http where the installation allows it', () => {
    const lenient = newWebhookSchema(webhookFields(catalogue, true));
    expect(checkBody({ ...valid, url: 'http://example.com/' }, lenient).url).toBe('http://example.com/');
  });
});

describe('the event types of a webhook', () => {
  it.each([[['*']], [['call_*']], [['transcribe_*', 'call_hangup']], [['conversation_message_*']]])(
    'may be %j',
    (given) => {
      expect(problems({ ...valid, event_types: given })).toEqual([]);
    },
  );

  it.each([[undefined], ['call_hangup'], [{}], [null]])('may not be %j', (given) => {
    const message = expect.stringMatching(/^is required: a non-empty array/);
    expect(problems({ ...valid, event_types: given })).toEqual([{ field: 'event_types', message }]);
  });

  it('may not be empty, nor hold thousands', () => {
    expect(problems({ ...valid, event_types: [] })).toEqual([
      { field: 'event_types', message: 'must not be empty; use "*" for all events' },
    ]);
    expect(problems({ ...valid, event_types: Array.from({ length: 20_000 }, (_, index) => `call_${index}`) })).toEqual([
      { field: 'event_types', message: expect.stringMatching(/^must have at most 200 entries/) },
    ]);
  });

  it('are judged one by one, with the nearest known name', () => {
    expect(
      problems({ ...valid, event_types: ['call_hangup', 'call_hangupp', 7, 'zzzzzzzzzz', 'x'.repeat(5_000)] }),
    ).toEqual([
      {
        field: 'event_types[1]',
        message: expect.stringMatching(/^"call_hangupp" is not a known event type; did you mean call_hangup\b/),
      },
      { field: 'event_types[2]', message: 'must be text' },
      {
        field: 'event_types[3]',
        message: '"zzzzzzzzzz" is not a known event type; GET /event-types lists them',
      },
      { field: 'event_types[4]', message: expect.stringMatching(/^is longer than any event type/) },
    ]);
  });

  it('may not repeat', () => {
    expect(problems({ ...valid, event_types: ['*', 'call_hangup', '*'] })).toEqual([
      { field: 'event_types[2]', message: '"*" is listed twice' },
    ]);
  });
});

describe('the rest of a webhook', () => {
  it('always signs by the standard, and besides as asked', () => {
    expect(checkBody(valid, schema).signatures).toBeUndefined();
    expect(checkBody({ ...valid, signatures: ['voipbin'] }, schema).signatures).toEqual(['standard', 'voipbin']);
    expect(problems({ ...valid, signatures: ['md5'] })).toEqual([
      { field: 'signatures[0]', message: 'must be standard or voipbin' },
    ]);
    expect(problems({ ...valid, signatures: [] })).toEqual([
      { field: 'signatures', message: expect.stringMatching(/^must not be empty/) },
    ]);
  });

  it.each([0, 1_001, 2.5, '5', true])('does not take %p for a limit of requests', (rate_limit) => {
    expect(problems({ ...valid, rate_limit })).toEqual([
      {
        field: 'rate_limit',
        message: 'must be a whole number of requests a second from 1 to 1000, or null for no limit',
      },
    ]);
  });

  it.each([1, 1_000, null])('takes %p for a limit of requests', (rate_limit) => {
    expect(problems({ ...valid, rate_limit })).toEqual([]);
  });

  it('names unknown fields and the nearest known one, next to other problems', () => {
    expect(problems({ urls: 'https://example.com', event_types: ['*'], zzzzzzzzzzzzzz: 1 })).toEqual(
      expect.arrayContaining([
        { field: 'url', message: expect.stringMatching(/^is required/) },
        { field: 'urls', message: 'is not a field of this call; did you mean url?' },
        {
          field: 'zzzzzzzzzzzzzz',
          message:
            'is not a field of this call; known fields: url, event_types, name, description, success, signatures, method, headers, rate_limit, filter, secret, status, customer_id',
        },
      ]),
    );
  });

  it('lists at most a hundred problems', () => {
    const unknown = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`field_${index}`, 1]));
    expect(problems({ ...valid, ...unknown })).toHaveLength(100);
  });

  it('takes the id of a customer whatever the version of the UUID, in lower case', () => {
    const body = { ...valid, customer_id: 'AAAAAAAA-1111-1111-1111-111111111111' };
    expect(checkBody(body, schema).customer_id).toBe('aaaaaaaa-1111-1111-1111-111111111111');
    expect(problems({ ...valid, customer_id: 'seven' })).toEqual([{ field: 'customer_id', message: 'must be a UUID' }]);
  });
});

describe('the name and the description of a webhook', () => {
  it('are text for people, trimmed, or null', () => {
    expect(checkBody({ ...valid, name: ' Orders ', description: null }, schema)).toMatchObject({
      name: 'Orders',
      description: null,
    });
    expect(problems({ ...valid, name: ' ', description: 7 })).toEqual([
      { field: 'name', message: 'must not be empty; null clears it' },
      { field: 'description', message: 'must be text of 1 to 2000 characters, or null' },
    ]);
    expect(problems({ ...valid, name: 'x'.repeat(201), description: 'x'.repeat(2_001) })).toEqual([
      { field: 'name', message: 'must have at most 200 characters' },
      { field: 'description', message: 'must have at most 2000 characters' },
    ]);
  });
});

describe('what counts as success', () => {
  it('is 200 or 2xx', () => {
    expect(problems({ ...valid, success: '2xx' })).toEqual([]);
    expect(problems({ ...valid, success: '201' })).toEqual([{ field: 'success', message: 'must be "200" or "2xx"' }]);
  });
});

describe('a change of a webhook', () => {
  it.each([[{ url: valid.url }], [{ name: null }], [{ status: 'disabled' }], [{ event_types: ['*'], success: '2xx' }]])(
    'may be %j',
    (change) => {
      expect(problems(change, changes)).toEqual([]);
    },
  );

  it('has the rules of a new webhook, and cannot give it to another customer', () => {
    expect(problems({ url: null, event_types: [], status: 'off', stauts: 'x' }, changes)).toEqual([
      { field: 'url', message: expect.stringMatching(/https URL/) },
      { field: 'event_types', message: expect.stringMatching(/^must not be empty/) },
      { field: 'status', message: 'must be active, paused or disabled' },
      { field: 'stauts', message: 'is not a field of this call; did you mean status?' },
    ]);
    expect(problems({ secret: `whsec_${'A'.repeat(32)}` }, changes)).toEqual([
      { field: 'secret', message: expect.stringMatching(/^cannot be changed here; POST .*rotate/) },
    ]);
    expect(problems({ customer_id: 'aaaaaaaa-1111-1111-1111-111111111111' }, changes)).toEqual([
      { field: 'customer_id', message: expect.stringMatching(/^cannot be changed/) },
    ]);
  });
});

describe('the filter of a webhook', () => {
  it('is read as a filter, and null clears it', () => {
    const filter = {
      any: [
        { field: 'data.activeflow_id', in: ['a', 'b'] },
        { field: 'data.duration', gt: 60 },
      ],
    };
    expect(checkBody({ ...valid, filter }, schema).filter).toMatchObject({ kind: 'any', filters: [{}, {}] });
    expect(checkBody({ filter: null }, changes).filter).toBeNull();
  });

  it('names the part that is wrong', () => {
    const filter = {
      all: [
        { field: 'data.a', exists: true },
        { field: 'status', equals: 'x' },
      ],
    };
    expect(problems({ ...valid, filter })).toEqual([
      { field: 'filter.all[1].field', message: expect.stringMatching(/^begins with "status"/) },
    ]);
    expect(problems({ filter: 'data.a' }, changes)).toEqual([
      { field: 'filter', message: expect.stringMatching(/^must be a filter/) },
    ]);
  });
});

describe('the method and the status of a webhook', () => {
  it('are POST or PUT, and active or paused from the beginning', () => {
    expect(problems({ ...valid, method: 'PUT', status: 'paused' })).toEqual([]);
    expect(problems({ ...valid, method: 'GET', status: 'disabled' })).toEqual([
      { field: 'method', message: 'must be "POST" or "PUT"' },
      { field: 'status', message: 'must be active or paused' },
    ]);
  });
});
