import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadCatalogue } from './catalogue.ts';
import { fromJson } from './from-json.ts';
import { sampleEvent } from './sample.ts';

const catalogue = loadCatalogue(join(import.meta.dirname, '../../../schemas'));
const options = { id: 'event-1', customerId: 'customer-1', now: Date.UTC(2026, 0, 2, 3, 4, 5, 6) };

describe('a sample event', () => {
  it('is valid for every event type', () => {
    for (const { type, resourceType } of catalogue.eventTypes.values()) {
      const entry = catalogue.resourceTypes.get(resourceType);
      const result = entry && fromJson(entry, sampleEvent(catalogue, type, options));
      expect(result).toMatchObject({ ok: true });
    }
  });

  it('carries the given id, customer and time, and the status its name says', () => {
    expect(sampleEvent(catalogue, 'call_ringing', options)).toMatchObject({
      id: 'event-1',
      type: 'call_ringing',
      resource_type: 'call',
      customer_id: 'customer-1',
      tm_create: '2026-01-02T03:04:05.006000Z',
      data: { customer_id: 'customer-1', status: 'ringing' },
    });
    expect(sampleEvent(catalogue, 'campaign_status_run', options)).toMatchObject({ data: { status: 'run' } });
  });

  it('sets what has happened only', () => {
    expect(sampleEvent(catalogue, 'call_ringing', options)['data']).not.toHaveProperty('hangup_reason');
    expect(sampleEvent(catalogue, 'call_hangup', options)['data']).toHaveProperty('hangup_reason');
    expect(sampleEvent(catalogue, 'queue_updated', options)['data']).toHaveProperty('tm_delete', null);
    expect(sampleEvent(catalogue, 'queue_deleted', options)['data']).toHaveProperty(
      'tm_delete',
      '2026-01-02T03:04:05.006000Z',
    );
  });

  it('is the same for the same options', () => {
    expect(sampleEvent(catalogue, 'queuecall_done', options)).toEqual(
      sampleEvent(catalogue, 'queuecall_done', options),
    );
  });

  it('refuses an event type that the catalogue lacks', () => {
    expect(() => sampleEvent(catalogue, 'nothing', options)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_EVENT_TYPE' }),
    );
  });
});
