import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadCatalogue } from './catalogue.ts';
import { SchemaFileError } from './schema-error.ts';
import type { JsonObject, JsonValue } from './schema-json.ts';

const SCHEMAS = join(import.meta.dirname, '../../../schemas');

function envelope(resourceType: string, overrides: JsonObject = {}, dataFields: readonly JsonValue[] = []): JsonObject {
  const strings = ['id', 'type', 'resource_type', 'customer_id', 'tm_create'].map((name) => ({ name, type: 'string' }));
  const data = {
    name: 'data',
    type: { type: 'record', name: 'Data', fields: [{ name: 'id', type: 'string' }, ...dataFields] },
  };
  return {
    type: 'record',
    namespace: 'test',
    name: `${resourceType}Event`,
    doc: 'An event.',
    resource_type: resourceType,
    event_types: [{ type: `${resourceType}_created`, doc: 'Created.' }],
    fields: [...strings, data],
    ...overrides,
  };
}

describe('the catalogue in schemas/', () => {
  const catalogue = loadCatalogue(SCHEMAS);

  it('holds every resource type and event type', () => {
    expect(catalogue.resourceTypes.size).toBe(33);
    expect(catalogue.eventTypes.size).toBe(109);
    expect(catalogue.eventType('call_hangup')).toMatchObject({ resourceType: 'call', delivered: true });
    expect(catalogue.eventType('call.outbound_whitelist_rejected')?.delivered).toBe(false);
    expect(catalogue.eventType('call_hangupp')).toBeUndefined();
  });

  it('knows the group of a resource type, and none for the others', () => {
    const { groupOf } = catalogue;
    expect([groupOf('transcribe_speech'), groupOf('webchat_message'), groupOf('agent'), groupOf('nothing')]).toEqual([
      'transcribe',
      'webchat',
      undefined,
      undefined,
    ]);
    expect(catalogue.groups).toHaveLength(15);
  });

  it.each(['*', 'call_hangup', 'call_*', 'webchat_*', 'webchat_message_*', 'call.outbound_whitelist_rejected'])(
    'knows the selector %s',
    (selector) => expect(catalogue.knowsSelector(selector)).toBe(true),
  );

  it.each(['', 'call', '_*', 'call_h*', 'web_*', '**', 'Call_hangup'])('does not know the selector "%s"', (selector) =>
    expect(catalogue.knowsSelector(selector)).toBe(false),
  );

  it('suggests the nearest selectors', () => {
    expect(catalogue.suggestions('call_hangpu')[0]).toBe('call_hangup');
    expect(catalogue.suggestions('webchats_*')[0]).toBe('webchat_*');
    expect(catalogue.suggestions('entirely unlike anything')).toEqual([]);
  });

  it('names a record as its subject, and documents every field', () => {
    expect(catalogue.resourceTypes.get('conversation_message')?.subject).toBe(
      'voipbin.events.ConversationMessageEvent',
    );
    for (const { schema } of catalogue.resourceTypes.values()) expect(undocumented(schema)).toEqual([]);
  });
});

describe('a schemas folder', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'schemas-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(name: string, content: JsonObject | string): void {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }

  it('takes a new resource type from one new file', () => {
    cpSync(SCHEMAS, folder, { recursive: true });
    const shared = { name: 'from', type: ['null', 'voipbin.shared.Address'], default: null };
    write('fax.avsc', envelope('fax', { group: 'message' }, [shared, { ...shared, name: 'to' }]));
    const catalogue = loadCatalogue(folder);
    expect(catalogue.resourceTypes.size).toBe(34);
    expect(catalogue.eventType('fax_created')?.resourceType).toBe('fax');
    expect(catalogue.groupOf('fax')).toBe('message');
    expect(catalogue.knowsSelector('fax_*')).toBe(true);
    expect(JSON.stringify(catalogue.resourceTypes.get('fax')?.schema).match(/"name":"Address"/g)).toHaveLength(1);
  });

  it.each<[string, JsonObject | string, RegExp]>([
    ['invalid JSON', '{"type":', /b\.avsc: is not valid JSON/],
    ['no record', '[]', /b\.avsc: must hold one record/],
    [
      'a missing resource_type',
      envelope('b', { resource_type: '' }),
      /b\.avsc: "resource_type" must be a non-empty string/,
    ],
    ['a bad group', envelope('b', { group: 1 }), /b\.avsc: "group" must be/],
    ['no event types', envelope('b', { event_types: [] }), /b\.avsc: "event_types" must be a non-empty array/],
    ['a missing envelope field', envelope('b', { fields: [] }), /b\.avsc: lacks the envelope field "id"/],
    [
      'an event type of another file',
      envelope('b', { event_types: [{ type: 'a_created', doc: 'x' }] }),
      /b\.avsc: the event type "a_created" is already defined by .*a\.avsc/,
    ],
    [
      'a resource type of another file',
      envelope('a'),
      /b\.avsc: the resource type "a" is already defined by .*a\.avsc/,
    ],
    [
      'an unknown reference',
      envelope('b', {}, [{ name: 'x', type: 'voipbin.shared.Nothing' }]),
      /b\.avsc: refers to the type "voipbin\.shared\.Nothing", which neither/,
    ],
    [
      'a default of the wrong type',
      envelope('b', {}, [{ name: 'x', type: 'long', default: 'no' }]),
      /b\.avsc: is not a valid Avro schema/,
    ],
  ])('refuses %s, naming the file', (_case, content, message) => {
    write('a.avsc', envelope('a'));
    write('b.avsc', content);
    expect(() => loadCatalogue(folder)).toThrow(SchemaFileError);
    expect(() => loadCatalogue(folder)).toThrow(message);
  });

  it('refuses a folder without schemas, and one that is not there', () => {
    expect(() => loadCatalogue(folder)).toThrow(/holds no \.avsc file/);
    expect(() => loadCatalogue(join(folder, 'gone'))).toThrow(/gone: cannot be read/);
  });
});

function undocumented(node: JsonValue | undefined): string[] {
  if (Array.isArray(node)) return node.flatMap((item: JsonValue) => undocumented(item));
  if (typeof node !== 'object' || node === null || !('type' in node)) return [];
  const { fields = [], type, items, values, name, doc } = node;
  const own = typeof name === 'string' && !doc ? [name] : [];
  return [...own, ...[fields, type, items, typeof values === 'object' ? values : undefined].flatMap(undocumented)];
}
