/** The parts of the API, in the order in which they are read. */
export const TAGS = {
  webhooks: 'Where a customer wants events to be sent. A customer sees and changes its own; the operator key, all.',
  deliveries: 'What has been tried, what came of it, and what was given up.',
  replays:
    'Have events delivered once more: a span of time, or dead letters. A replay is a job that can be followed and cancelled.',
  events: 'What webhooks can ask for; and, for the operator, a way to produce an event.',
  customers: 'Customers and their access keys. For the operator.',
  'rejected events': 'Records on the event topic that could not be read. For the operator.',
  audit: 'Who has changed what. For the operator.',
  service: 'Probes, metrics, and this description. They need no key.',
} as const;
