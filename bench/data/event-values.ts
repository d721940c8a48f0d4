import { CodedError } from '#libs/domain';
import { type Catalogue, type EventEncoder, fromJson, isJsonObject, sampleEvent } from '#libs/event-schemas';

import { EVENT_ID_LENGTH, eventId } from './event-id.ts';
import type { Route, Workload } from './workload.ts';

/** In the wire format five bytes of header, then the Avro record, whose first field is the id: a length byte and the text. */
export const ID_START = 6;
const SAMPLE_TIME = Date.UTC(2026, 0, 15, 9, 30);

/** Records to be written, by the numbers of their events. */
export interface Records {
  record(number: number): { readonly key: string; readonly value: Buffer };
}

/** Makes the values of a workload's events: encoded once a route, then only the id differs. */
export class EventValues {
  private readonly workload: Workload;
  private readonly templates: readonly Buffer[];

  private constructor(workload: Workload, templates: readonly Buffer[]) {
    this.workload = workload;
    this.templates = templates;
  }

  /** @throws CodedError `BAD_WORKLOAD` when an event type is not in the catalogue. */
  static async of(workload: Workload, catalogue: Catalogue, encoder: EventEncoder): Promise<EventValues> {
    const templates: Buffer[] = [];
    for (const route of workload.routes) templates.push(await templateOf(route, catalogue, encoder));
    return new EventValues(workload, templates);
  }

  /** The events of one series. */
  series(series: number): Records {
    return {
      record: (number) => {
        const at = number % this.templates.length;
        const value = Buffer.from(this.templates[at] ?? Buffer.alloc(0));
        value.write(eventId(series, number), ID_START, 'latin1');
        return { key: this.workload.routes[at]?.customerId ?? '', value };
      },
    };
  }

  /** The mean size of a value, in bytes. */
  get meanBytes(): number {
    return Math.round(this.templates.reduce((sum, { length }) => sum + length, 0) / this.templates.length);
  }
}

async function templateOf(route: Route, catalogue: Catalogue, encoder: EventEncoder): Promise<Buffer> {
  const { customerId, eventType, resourceId } = route;
  const entry = catalogue.resourceTypes.get(catalogue.eventType(eventType)?.resourceType ?? '');
  if (entry === undefined) throw new CodedError('BAD_WORKLOAD', `the catalogue has no event type ${eventType}`);
  const id = eventId(0, 0);
  const sample = sampleEvent(catalogue, eventType, { id, customerId, now: SAMPLE_TIME });
  const data = isJsonObject(sample['data']) ? sample['data'] : {};
  const event = fromJson(entry, { ...sample, data: { ...data, id: resourceId, customer_id: customerId } });
  if (!event.ok) {
    const [problem] = event.details;
    throw new CodedError('BAD_WORKLOAD', `${eventType}: ${problem?.field} ${problem?.message}`);
  }
  const value = await encoder.encode(entry.resourceType, event.value);
  if (value.toString('latin1', ID_START, ID_START + EVENT_ID_LENGTH) !== id) {
    throw new CodedError('BAD_WORKLOAD', `the id is not the first field of ${entry.subject}`);
  }
  return value;
}
