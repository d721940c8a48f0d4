import { type Assumptions, MEANING } from './assumptions.ts';
import type { Measured } from './measured.ts';
import type { Scene } from './outage/scenes.ts';
import type { Course } from './outage/simulate.ts';
import type { Plan } from './plan.ts';

type Row = readonly string[];

const MB = 1e6;
const TB = 1e12;
const DIGITS = 3;

/** To three digits, with separators. */
function figure(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: DIGITS });
}

const whole = (value: number): string => value.toLocaleString('en');

/** What was measured, as a Markdown table. */
export function measuredTable(measured: Measured): string {
  return table(
    ['measured', ''],
    [
      ['CPU of an event: taking, decoding, matching, committing', `${figure(measured.eventCpuUs)} us`],
      ['CPU of each of its deliveries: sending, answer, attempt record', `${figure(measured.deliveryCpuUs)} us`],
      ['size of an event', `${whole(Math.round(measured.eventBytes))} bytes`],
      ['one worker beside broker and receiver', `${figure(measured.workerPerSecond)} deliveries/s`],
      ['its memory at most', `${figure(measured.peakRssMb)} MB`],
      ['machine', measured.machine],
    ],
  );
}

/** Plans side by side, as a Markdown table. */
export function planTable(plans: readonly Plan[]): string {
  const row = (name: string, show: (plan: Plan) => string): Row => [name, ...plans.map(show)];
  return table(
    ['', ...plans.map(({ eventsPerSecond }) => `${whole(eventsPerSecond)} events/s`)],
    [
      row('attempts a second', ({ rates }) => figure(rates.attempts)),
      row('CPU of a first attempt, with TLS', ({ attemptCpuUs }) => `${figure(attemptCpuUs)} us`),
      row('installations', ({ installations }) => whole(installations)),
      row('partitions of `resource-events` in each', ({ partitions }) => whole(partitions)),
      row('`delivery` workers, all', ({ deliveryWorkers }) => whole(deliveryWorkers)),
      row('most events a second of one customer', ({ customerPerSecond }) => figure(customerPerSecond)),
      row('requests under way in each', ({ requestsPerWorker }) => figure(requestsPerWorker)),
      row('`retry` workers, all', ({ retryWorkers }) => whole(retryWorkers)),
      row('`ledger` workers, all', ({ ledgerWorkers }) => whole(ledgerWorkers)),
      row('Kafka: written by clients', ({ kafka }) => `${figure(kafka.inBytes / MB)} MB/s`),
      row('Kafka: written to disks', ({ kafka }) => `${figure(kafka.diskBytes / MB)} MB/s`),
      row('Kafka: read', ({ kafka }) => `${figure(kafka.outBytes / MB)} MB/s`),
      row('Kafka: stored', ({ kafka }) => `${figure(kafka.storedBytes / TB)} TB`),
      row('replicas of partitions, all', ({ kafka }) => whole(kafka.replicas)),
      row('brokers, all', ({ kafka }) => `${whole(kafka.brokers)} (${kafka.boundBy})`),
      row('MongoDB: inserts', ({ mongodb }) => `${figure(mongodb.insertsPerSecond)} /s`),
      row('`ATTEMPT_KEEP` that fits', ({ mongodb }) => `${figure(mongodb.keepDays)} d`),
      row('MongoDB: stored, once', ({ mongodb }) => `${figure(mongodb.storedBytes / TB)} TB`),
      row('replica sets', ({ mongodb }) => whole(mongodb.replicaSets)),
    ],
  );
}

/** What outages come to, as a Markdown table. */
export function outageTable(
  outages: ReadonlyArray<{ readonly plan: Plan; readonly scene: Scene; readonly course: Course }>,
): string {
  return table(
    [
      'events/s',
      'webhooks',
      'spare retries/s',
      'deepest',
      'fullest tier',
      'due at most',
      '99 % made after',
      'all after',
    ],
    outages.map(({ plan, scene, course }) => [
      whole(plan.eventsPerSecond),
      scene.name,
      figure(scene.outage.retriesPerSecond),
      figure(course.deepest),
      fullestTier(scene, course),
      figure(course.mostDue),
      duration(course.nearlyRecovered),
      duration(course.recovered),
    ]),
  );
}

/** The assumptions, as a Markdown table. */
export function assumptionTable(assumed: Assumptions): string {
  const names = typedKeys(MEANING);
  return table(
    ['assumed', '', 'what it is'],
    names.map((name) => [`\`${name}\``, whole(assumed[name]), MEANING[name]]),
  );
}

function typedKeys<K extends string>(record: Readonly<Record<K, unknown>>): K[] {
  const keys: K[] = [];
  for (const key in record) keys.push(key);
  return keys;
}

function fullestTier({ outage }: Scene, { deepestByTier }: Course): string {
  const most = deepestByTier.indexOf(Math.max(...deepestByTier));
  return `${outage.schedule.split(',')[most] ?? ''}: ${figure(deepestByTier[most] ?? 0)}`;
}

function duration(seconds: number | undefined): string {
  if (seconds === undefined) return 'not within two days';
  return seconds < 7_200 ? `${figure(seconds / 60)} min` : `${figure(seconds / 3_600)} h`;
}

/** A Markdown table whose columns are padded, as the formatter of the docs pads them. */
export function table(head: Row, rows: readonly Row[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: Row): string => `| ${widths.map((width, at) => (row[at] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
