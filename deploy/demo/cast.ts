import type { CustomerName } from './story.ts';

/** How an endpoint of the demo behaves. */
export type Behaviour =
  | { readonly kind: 'answers' }
  /** Answers 503 to the first requests for each event, then 200. */
  | { readonly kind: 'recovers'; readonly failures: number }
  | { readonly kind: 'dead' };

/** A webhook of the demo and the endpoint behind it. */
export interface Part {
  readonly name: string;
  readonly customer: CustomerName;
  readonly path: string;
  readonly eventTypes: readonly string[];
  /** Which events of the story it has to receive, said without the product's own matching. */
  readonly expects: (eventType: string) => boolean;
  readonly behaviour: Behaviour;
}

const startsWith =
  (...prefixes: string[]) =>
  (eventType: string): boolean =>
    prefixes.some((prefix) => eventType.startsWith(prefix));

/** Who subscribes to what. One endpoint recovers after a failure, one never answers well. */
export const CAST: readonly Part[] = [
  {
    name: 'clinic/calls',
    customer: 'Harbour Clinic',
    path: '/clinic/calls',
    eventTypes: ['call_*'],
    expects: startsWith('call_'),
    behaviour: { kind: 'answers' },
  },
  {
    name: 'clinic/archive',
    customer: 'Harbour Clinic',
    path: '/clinic/archive',
    eventTypes: ['recording_*', 'transcribe_*'],
    expects: startsWith('recording_', 'transcribe_'),
    behaviour: { kind: 'recovers', failures: 1 },
  },
  {
    name: 'clinic/old-crm',
    customer: 'Harbour Clinic',
    path: '/clinic/old-crm',
    eventTypes: ['message_created'],
    expects: (eventType) => eventType === 'message_created',
    behaviour: { kind: 'dead' },
  },
  {
    name: 'clinic/audit',
    customer: 'Harbour Clinic',
    path: '/clinic/audit',
    eventTypes: ['*'],
    expects: () => true,
    behaviour: { kind: 'answers' },
  },
  {
    name: 'parcel/queue',
    customer: 'North Parcel',
    path: '/parcel/queue',
    eventTypes: ['queue_*', 'queuecall_*'],
    expects: startsWith('queue_', 'queuecall_'),
    behaviour: { kind: 'answers' },
  },
  {
    name: 'parcel/campaigns',
    customer: 'North Parcel',
    path: '/parcel/campaigns',
    eventTypes: ['campaign_status_run', 'campaign_status_stop'],
    expects: (eventType) => eventType === 'campaign_status_run' || eventType === 'campaign_status_stop',
    behaviour: { kind: 'answers' },
  },
];
