import type { Assumptions } from './assumptions.ts';
import type { Measured } from './measured.ts';

/** What so many events a second take, all installations together. Rates are per second, sizes in bytes. */
export interface Plan {
  readonly eventsPerSecond: number;
  readonly rates: Rates;
  /** CPU of a first attempt with its share of the event, TLS included, in microseconds. */
  readonly attemptCpuUs: number;
  /** Installations side by side, each with customers of its own. */
  readonly installations: number;
  /** Of `resource-events` in one installation: 24 doubled until every worker finds two. */
  readonly partitions: number;
  readonly deliveryWorkers: number;
  readonly retryWorkers: number;
  readonly ledgerWorkers: number;
  /** What one partition, and so one customer, can bring: a worker's worth. */
  readonly customerPerSecond: number;
  /** Requests under way at once in one delivery worker. */
  readonly requestsPerWorker: number;
  readonly kafka: KafkaLoad;
  readonly mongodb: MongoLoad;
}

export interface Rates {
  readonly events: number;
  readonly firstAttempts: number;
  readonly laterAttempts: number;
  /** Records of the trail. */
  readonly attempts: number;
}

export interface KafkaLoad {
  /** What producers of all kinds write, once. */
  readonly inBytes: number;
  /** What disks write, replicas included. */
  readonly diskBytes: number;
  /** What is read by workers and by followers. */
  readonly outBytes: number;
  readonly storedBytes: number;
  /** Replicas of partitions, of all topics. */
  readonly replicas: number;
  readonly brokers: number;
  /** Which of a broker's limits asks for the most of them. */
  readonly boundBy: 'disk' | 'network' | 'storage' | 'replicas' | 'replication';
}

export interface MongoLoad {
  readonly insertsPerSecond: number;
  /** On each member of the replica sets, for the `keepDays`. */
  readonly storedBytes: number;
  /** The days that fit on one replica set for each installation; no more than `attemptKeepDays`. */
  readonly keepDays: number;
  readonly replicaSets: number;
}

const DAY_SECONDS = 86_400;
const MB = 1e6;
const MICROSECONDS = 1e6;
const TB = 1e12;
const FEWEST_PARTITIONS = 24;
const FEWEST_WORKERS = 2;
/** Partitions of all topics by those of `resource-events`: itself, seven tiers and replays a quarter each, attempts, dead and rejected. */
const PARTITIONS_BY_EVENTS = 1 + 8 / 4 + 1 / 2 + 2 / 8;

/** Computes a plan. More of anything that is asked for never makes it smaller. */
export function planFor(eventsPerSecond: number, measured: Measured, assumed: Assumptions): Plan {
  const rates = ratesOf(eventsPerSecond, assumed);
  const insertsOfOne = assumed.mongoInsertsPerSecond * assumed.utilisation;
  const installations = Math.max(1, Math.ceil(rates.attempts / insertsOfOne));
  const workers = (cpuUs: number): number => workersFor(cpuUs / installations, assumed) * installations;
  const deliveryCpuUs = measured.deliveryCpuUs + tlsUs(assumed);
  const deliveryWorkers = workers(rates.events * measured.eventCpuUs + rates.firstAttempts * deliveryCpuUs);
  const laterUs = (measured.eventCpuUs + deliveryCpuUs) * assumed.retryFactor;
  const partitions = partitionsFor(deliveryWorkers / installations);
  const eventUs = measured.eventCpuUs + assumed.webhooksPerEvent * deliveryCpuUs;
  return {
    eventsPerSecond,
    rates,
    attemptCpuUs: eventUs / assumed.webhooksPerEvent,
    customerPerSecond: (assumed.coresPerWorker * MICROSECONDS) / eventUs,
    installations,
    partitions,
    deliveryWorkers,
    retryWorkers: workers(rates.laterAttempts * laterUs),
    ledgerWorkers: workers(rates.attempts * assumed.ledgerUs),
    requestsPerWorker: (rates.firstAttempts * assumed.endpointMs) / 1_000 / deliveryWorkers,
    kafka: kafkaLoad(rates, { measured, assumed, installations, partitions }),
    mongodb: mongoLoad(rates, installations, assumed),
  };
}

/** CPU of TLS for each request, in microseconds. */
function tlsUs({ tlsRequestUs, tlsHandshakeUs, handshakeShare }: Assumptions): number {
  return tlsRequestUs + tlsHandshakeUs * handshakeShare;
}

function ratesOf(events: number, { webhooksPerEvent, failureShare, retriesPerFailure }: Assumptions): Rates {
  const firstAttempts = events * webhooksPerEvent;
  const laterAttempts = firstAttempts * failureShare * retriesPerFailure;
  return { events, firstAttempts, laterAttempts, attempts: firstAttempts + laterAttempts };
}

/** @param cpuUs CPU time in a second of time, in microseconds */
function workersFor(cpuUs: number, { coresPerWorker, utilisation }: Assumptions): number {
  return Math.max(FEWEST_WORKERS, Math.ceil(cpuUs / MICROSECONDS / (coresPerWorker * utilisation)));
}

function partitionsFor(workers: number): number {
  let partitions = FEWEST_PARTITIONS;
  while (partitions < 2 * workers) partitions *= 2;
  return partitions;
}

function kafkaLoad(
  rates: Rates,
  given: {
    readonly measured: Measured;
    readonly assumed: Assumptions;
    readonly installations: number;
    readonly partitions: number;
  },
): KafkaLoad {
  const { measured, assumed, installations, partitions } = given;
  const eventBytes = measured.eventBytes + assumed.recordOverheadBytes;
  const events = rates.events * eventBytes;
  const attempts = rates.attempts * assumed.attemptBytes;
  const retries = rates.laterAttempts * (eventBytes + assumed.historyBytes);
  const inBytes = events + attempts + retries;
  const diskBytes = inBytes * assumed.replication;
  const outBytes = inBytes * assumed.replication;
  const kept = events * assumed.eventRetentionDays + attempts * assumed.attemptRetentionDays;
  const storedBytes = kept * DAY_SECONDS * assumed.replication;
  const replicas = Math.ceil(partitions * PARTITIONS_BY_EVENTS) * assumed.replication * installations;
  const used = assumed.utilisation;
  const needs = {
    disk: diskBytes / (assumed.brokerDiskMbPerSecond * MB * used),
    network: Math.max(inBytes * assumed.replication, outBytes) / (assumed.brokerNetworkMbPerSecond * MB * used),
    storage: storedBytes / (assumed.brokerStorageTb * TB * used),
    replicas: replicas / assumed.brokerReplicas,
    replication: assumed.replication,
  };
  const names = ['replication', 'disk', 'network', 'storage', 'replicas'] as const;
  const boundBy = names.reduce((most, name) => (needs[name] > needs[most] ? name : most));
  return { inBytes, diskBytes, outBytes, storedBytes, replicas, brokers: Math.ceil(needs[boundBy]), boundBy };
}

function mongoLoad(rates: Rates, installations: number, assumed: Assumptions): MongoLoad {
  const dayBytes = rates.attempts * DAY_SECONDS * (assumed.documentBytes + assumed.indexBytes);
  const fits = (assumed.mongoStorageTb * TB * assumed.utilisation * installations) / dayBytes;
  const keepDays = Math.min(assumed.attemptKeepDays, fits);
  return { insertsPerSecond: rates.attempts, storedBytes: dayBytes * keepDays, keepDays, replicaSets: installations };
}
