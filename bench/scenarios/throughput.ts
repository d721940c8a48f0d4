import type { Workload } from '../data/workload.ts';
import { spreadOf } from '../measure/statistics.ts';
import type { BareClient } from '../sides/bare/message.ts';
import type { Context } from './context.ts';
import { type Latency, pacedLatency } from './latency.ts';
import { Backlog, type SideBySide, sideBySide } from './side-by-side.ts';

/** One webhook an event, 10,000 in the store. */
export interface Throughput extends SideBySide {
  /** Which way of sending the bare loop used: the faster one of two that were tried. */
  readonly bareClient: BareClient;
  /** What both ways gave in the trial, in deliveries a second. */
  readonly bareClients: Readonly<Record<BareClient, number>>;
  readonly latency: { readonly ratePerSecond: number; readonly bare: Latency; readonly product: Latency };
}

/** Of what the product reaches at most, the part at which latency is measured. */
const PACE = 0.5;

/** Measures deliveries a second, CPU per delivery and latency of both sides. */
export async function throughput(context: Context, workload: Workload): Promise<Throughput> {
  const { events, rounds } = context;
  const backlog = await Backlog.write(context, 'throughput', workload, events);
  const bareClients = await tryClients(context, backlog);
  const bareClient = bareClients.dispatch >= bareClients.request ? 'dispatch' : 'request';
  const both = await sideBySide(context, 'throughput', backlog, { workload, events, client: bareClient, rounds });
  await backlog.site.close();
  const ratePerSecond = Math.max(1, Math.round(PACE * both.product.deliveriesPerSecond.median));
  const latency = await pacedLatency(context, workload, ratePerSecond, bareClient);
  return { ...both, bareClient, bareClients, latency: { ratePerSecond, ...latency } };
}

/** The bare loop is to be as fast as it can be: the better of two ways to send is taken. */
async function tryClients(context: Context, backlog: Backlog): Promise<Record<BareClient, number>> {
  const rates: Record<BareClient, number[]> = { dispatch: [], request: [] };
  for (const client of ['request', 'dispatch'] as const) {
    context.reporter.step(`throughput: trying the bare loop with undici's ${client}`);
    const { deliveriesPerSecond } = await backlog.bare(client);
    rates[client].push(deliveriesPerSecond);
    context.reporter.line(`  ${Math.round(deliveriesPerSecond).toLocaleString('en')} deliveries/s`);
  }
  return { dispatch: spreadOf(rates.dispatch).median, request: spreadOf(rates.request).median };
}
