import type { Workload } from '../data/workload.ts';
import type { Context } from './context.ts';
import { Backlog, type SideBySide, sideBySide } from './side-by-side.ts';

const MOST_ROUNDS = 2;
const EVENTS_SHARE = 0.05;

/** Ten webhooks an event. The bare loop sends each record ten times. */
export async function fanout(context: Context, workload: Workload): Promise<SideBySide> {
  const events = Math.max(100, Math.round(context.events * EVENTS_SHARE));
  const rounds = Math.min(MOST_ROUNDS, context.rounds);
  const backlog = await Backlog.write(context, 'fanout', workload, events);
  const both = await sideBySide(context, 'fanout', backlog, { workload, events, rounds, connections: 'usual' });
  await backlog.site.close();
  return both;
}
