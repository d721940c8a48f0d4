import { join } from 'node:path';

import { expect, it } from '@jest/globals';
import avsc from 'avsc';
import fc from 'fast-check';

import { loadCatalogue } from './catalogue.ts';
import { EventCodec } from './codec.ts';
import { fromJson } from './from-json.ts';
import { sampleEvent } from './sample.ts';
import { wireValue } from './wire-format.ts';
import { writerSchemaOptions } from './writer-schema.ts';

const catalogue = loadCatalogue(join(import.meta.dirname, '../../../schemas'));
const entries = [...catalogue.resourceTypes.values()];
const types = entries.map(({ schema }) =>
  avsc.Type.forSchema(JSON.parse(JSON.stringify(schema)), writerSchemaOptions()),
);
const codec = new EventCodec(
  {
    find: (id) => {
      const type = types[id - 1];
      return Promise.resolve(type ? { kind: 'found', type } : { kind: 'unknown', message: 'no such schema' });
    },
  },
  { now: () => 0 },
);

/** An event of the catalogue as a producer writes it. */
function written(at: number): Buffer {
  const entry = entries[at];
  const type = entry?.eventTypes[0]?.type ?? '';
  const checked = entry && fromJson(entry, sampleEvent(catalogue, type, { id: 'e', customerId: 'c', now: 0 }));
  if (!entry || !checked?.ok) throw new Error(`no sample of ${type}`);
  return wireValue(at + 1, entry.avroType.toBuffer(checked.value));
}

type Damage = readonly [kind: 'set' | 'cut' | 'insert', at: number, byte: number];
const damage: fc.Arbitrary<Damage> = fc.tuple(
  fc.constantFrom('set', 'cut', 'insert'),
  fc.nat(10_000),
  // Beginnings and ends of long numbers, signs, lengths.
  fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff)),
);

function damaged(value: Buffer, [kind, place, byte]: Damage): Buffer {
  const at = place % (value.length + 1);
  const [before, after] = [value.subarray(0, at), value.subarray(at)];
  if (kind === 'cut') return before;
  return Buffer.concat([before, Buffer.from([byte]), kind === 'set' ? after.subarray(1) : after]);
}

it('whatever bytes come, they are an event whose body is JSON, or are rejected; nothing is thrown', async () => {
  const event = fc.nat(entries.length - 1).map(written);
  const bytes = fc.oneof(
    { weight: 9, arbitrary: fc.tuple(event, fc.array(damage, { minLength: 1, maxLength: 4 })) },
    {
      weight: 1,
      arbitrary: fc.tuple(
        fc.uint8Array({ maxLength: 300 }).map((noise) => wireValue(1, Buffer.from(noise))),
        fc.constant<Damage[]>([]),
      ),
    },
  );
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(bytes, async ([value, damages]) => {
      const result = await codec.decode(damages.reduce(damaged, value));
      kinds.add(result.kind);
      expect(['event', 'rejected']).toContain(result.kind);
      if (result.kind === 'event') expect(typeof JSON.parse(result.event.body.toString())).toBe('object');
    }),
    { numRuns: 5_000 },
  );
  expect(kinds).toEqual(new Set(['event', 'rejected']));
});
