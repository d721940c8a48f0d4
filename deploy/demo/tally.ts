import { CAST } from './cast.ts';
import type { Delivery } from './endpoint.ts';
import type { CustomerName } from './story.ts';

/** An event that a webhook has to receive. */
export interface Expected {
  readonly path: string;
  readonly eventId: string;
}

/** What has to be delivered, and what the endpoints saw: the demo's own view, against which the books are held. */
export class Tally {
  readonly expected: Expected[] = [];
  events = 0;
  requests = 0;
  wrongSignatures = 0;

  /** An event is about to be produced. */
  produced(eventId: string, customer: CustomerName, eventType: string): void {
    this.events += 1;
    for (const part of CAST) {
      if (part.customer === customer && part.expects(eventType)) this.expected.push({ path: part.path, eventId });
    }
  }

  /** An endpoint got a request. */
  requested(delivery: Delivery): void {
    this.requests += 1;
    if (delivery.signature === 'wrong') this.wrongSignatures += 1;
  }
}
