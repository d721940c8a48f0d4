import { ConfigurationError } from '#libs/domain';

/** What a plan takes for granted besides the measurement; {@link MEANING} says what each figure is. */
export const ASSUMPTIONS = {
  webhooksPerEvent: 1,
  failureShare: 0.02,
  retriesPerFailure: 2,
  endpointMs: 200,
  tlsRequestUs: 30,
  tlsHandshakeUs: 1_500,
  handshakeShare: 0.02,
  retryFactor: 1.5,
  ledgerUs: 60,
  coresPerWorker: 1,
  utilisation: 0.5,
  recordOverheadBytes: 120,
  historyBytes: 300,
  attemptBytes: 360,
  documentBytes: 410,
  indexBytes: 600,
  replication: 3,
  eventRetentionDays: 7,
  attemptRetentionDays: 7,
  attemptKeepDays: 30,
  brokerDiskMbPerSecond: 300,
  brokerNetworkMbPerSecond: 1_000,
  brokerStorageTb: 16,
  brokerReplicas: 4_000,
  mongoInsertsPerSecond: 20_000,
  mongoStorageTb: 8,
};

export type Assumptions = Readonly<typeof ASSUMPTIONS>;

/** What each assumption is a figure of. */
export const MEANING: Readonly<Record<keyof Assumptions, string>> = {
  webhooksPerEvent: 'webhooks that get an event, on average',
  failureShare: 'share of first attempts that fail',
  retriesPerFailure: 'further attempts that such a delivery takes',
  endpointMs: 'ms until an endpoint answers, on average',
  tlsRequestUs: 'us of CPU for TLS of a request on an open connection; the bench sends without TLS',
  tlsHandshakeUs: 'us of CPU to open a connection',
  handshakeShare: 'share of requests that open one',
  retryFactor: 'CPU of a later attempt by that of a first one',
  ledgerUs: 'us of CPU of `ledger` for an attempt',
  coresPerWorker: 'cores that one worker keeps busy',
  utilisation: 'part of everything that is used; the rest is for peaks, a lost zone, catching up',
  recordOverheadBytes: 'bytes of key, headers and framing of a record',
  historyBytes: "bytes of a delivery's history in a retry topic",
  attemptBytes: 'bytes of an attempt in Kafka: 240 and the overhead',
  documentBytes: 'bytes of an attempt in MongoDB: 820, compressed to a half',
  indexBytes: 'bytes of its 11 index entries',
  replication: '`TOPIC_REPLICATION`',
  eventRetentionDays: '`EVENT_RETENTION`',
  attemptRetentionDays: '`ATTEMPT_RETENTION`',
  attemptKeepDays: '`ATTEMPT_KEEP`',
  brokerDiskMbPerSecond: 'MB/s that a broker writes to disk',
  brokerNetworkMbPerSecond: 'MB/s that a broker moves in, and out',
  brokerStorageTb: 'TB that a broker stores',
  brokerReplicas: 'replicas of partitions that a broker carries',
  mongoInsertsPerSecond: 'attempts that one primary of MongoDB inserts a second',
  mongoStorageTb: 'TB that a member of its replica set stores',
};

/** Replaces assumptions by what `name=value,name=value` says. @throws ConfigurationError that names what is not one */
export function assuming(text: string): Assumptions {
  return { ...ASSUMPTIONS, ...Object.fromEntries(text.split(',').map(figureIn)) };
}

function figureIn(part: string): readonly [string, number] {
  const [name = '', value = ''] = part.split('=').map((one) => one.trim());
  if (!Object.hasOwn(ASSUMPTIONS, name)) {
    const known = Object.keys(ASSUMPTIONS).join(', ');
    throw new ConfigurationError(`--assume does not know "${name}"; it knows ${known}`);
  }
  const figure = value === '' ? Number.NaN : Number(value);
  if (figure > 0 && Number.isFinite(figure)) return [name, figure];
  throw new ConfigurationError(`--assume ${name} needs a number above 0, not "${value}"`);
}
