import { ConfigurationError } from '#libs/domain';
import { z } from 'zod';

/** What a run of the bench says about the cost of deliveries. Times are CPU time of the delivery worker, all of its threads. */
export interface Measured {
  /** Microseconds for an event, whoever gets it: taking it, decoding, matching, committing. */
  readonly eventCpuUs: number;
  /** Microseconds for each delivery of it: sending, reading the answer, the attempt record. */
  readonly deliveryCpuUs: number;
  /** Mean size of an event's value. */
  readonly eventBytes: number;
  /** What one worker reached with one webhook an event, on a machine that it shared with broker and receiver. */
  readonly workerPerSecond: number;
  readonly peakRssMb: number;
  readonly machine: string;
}

const spread = z.object({ median: z.number().positive() });
const side = z.object({ deliveries_per_second: spread, cpu_us_per_delivery: spread, peak_rss_mb: z.number() });
const result = z.object({
  product: side,
  throughput: z.object({ event_bytes: z.number(), deliveries_per_event: z.literal(1) }),
  fanout: z.object({ product: side, deliveries_per_event: z.number().min(2) }).optional(),
  machine: z.object({ cpu: z.string(), cores: z.number(), memory_gb: z.number(), node: z.string() }),
});

/**
 * Reads what `npm run --silent bench -- --json` printed. With the scenario `fanout`, what an event costs is told apart from what its
 * deliveries cost; without it, all of it counts as the delivery's.
 *
 * @throws ConfigurationError when the scenario `throughput` is missing
 */
export function readMeasured(text: string): Measured {
  const read = result.safeParse(jsonOf(text));
  if (!read.success) {
    const [issue] = read.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw new ConfigurationError(
      `the bench result cannot be used: ${where === '' ? '' : `${where}: `}${issue?.message}; make one with: npm run --silent bench -- --only throughput,fanout --json`,
    );
  }
  const { product, throughput, fanout, machine } = read.data;
  const alone = product.cpu_us_per_delivery.median;
  return {
    ...costs(alone, fanout),
    eventBytes: throughput.event_bytes,
    workerPerSecond: product.deliveries_per_second.median,
    peakRssMb: product.peak_rss_mb,
    machine: `${machine.cpu}, ${machine.cores} cores, ${machine.memory_gb} GB, Node ${machine.node}`,
  };
}

/** alone = event + delivery; in company, each delivery carries its share of the event: together = event / n + delivery. */
function costs(
  alone: number,
  fanout: z.output<typeof result>['fanout'],
): Pick<Measured, 'eventCpuUs' | 'deliveryCpuUs'> {
  if (!fanout) return { eventCpuUs: 0, deliveryCpuUs: alone };
  const count = fanout.deliveries_per_event;
  const together = fanout.product.cpu_us_per_delivery.median;
  const eventCpuUs = Math.min(alone, Math.max(0, ((alone - together) * count) / (count - 1)));
  return { eventCpuUs, deliveryCpuUs: alone - eventCpuUs };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
