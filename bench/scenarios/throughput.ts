import type { Workload } from '../data/workload.ts';
import type { BareClient } from '../sides/bare/message.ts';
import type { Context } from './context.ts';
import { type Latency, pacedLatency } from './latency.ts';
import { Backlog, described, type SideBySide, sideBySide } from './side-by-side.ts';

/** One webhook an event, 10,000 in the store. */
export interface Throughput extends SideBySide {
  /** Which way of sending the bare loop used: of two that were tried, the one that takes less CPU. */
  readonly bareClient: BareClient;
  /** What both ways gave in the trial. */
  readonly bareClients: Readonly<Record<BareClient, ClientTrial>>;
  readonly latency: { readonly ratePerSecond: number; readonly bare: Latency; readonly product: Latency };
}

interface ClientTrial {
  readonly deliveriesPerSecond: number;
  readonly cpuUs: number;
}

/** Of what the product reaches at most, the part at which latency is measured. */
const PACE = 0.5;

/** Measures deliveries a second, CPU per delivery and latency of both sides. */
export async function throughput(context: Context, workload: Workload): Promise<Throughput> {
  const { events, rounds } = context;
  const backlog = await Backlog.write(context, 'throughput', workload, events);
  const bareClients = await tryClients(context, backlog);
  const bareClient = bareClients.dispatch.cpuUs <= bareClients.request.cpuUs ? 'dispatch' : 'request';
  const both = await sideBySide(context, 'throughput', backlog, { workload, events, client: bareClient, rounds });
  await backlog.site.close();
  const ratePerSecond = Math.max(1, Math.round(PACE * both.product.deliveriesPerSecond.median));
  const latency = await pacedLatency(context, workload, ratePerSecond, bareClient);
  return { ...both, bareClient, bareClients, latency: { ratePerSecond, ...latency } };
}

/** The bare loop is to be as fast as it can be: of two ways to send, the one that takes less CPU. */
async function tryClients(context: Context, backlog: Backlog): Promise<Record<BareClient, ClientTrial>> {
  const attempt = async (client: BareClient): Promise<ClientTrial> => {
    context.reporter.step(`throughput: trying the bare loop with undici's ${client}`);
    const figures = await backlog.bare(client);
    context.reporter.line(described([figures]));
    return { deliveriesPerSecond: figures.deliveriesPerSecond, cpuUs: figures.cpuUsPerDelivery[0] ?? Number.NaN };
  };
  return { request: await attempt('request'), dispatch: await attempt('dispatch') };
}
