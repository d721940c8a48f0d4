import type { Workload } from '../data/workload.ts';
import type { Context } from './context.ts';
import { Backlog, type SideBySide, sideBySide } from './side-by-side.ts';

/** How long an endpoint takes, in milliseconds. */
export const SLOW_MS = 20;
const MOST_ROUNDS = 2;
const EVENTS_SHARE = 0.15;

/** 1,000 endpoints that take 20 ms each: what a side delivers is bounded by its connections first. */
export async function slow(context: Context, workload: Workload): Promise<SideBySide> {
  const events = Math.max(100, Math.round(context.events * EVENTS_SHARE));
  const rounds = Math.min(MOST_ROUNDS, context.rounds);
  const backlog = await Backlog.write(context, 'slow', workload, events);
  const both = await sideBySide(context, 'slow', backlog, { workload, events, rounds, connections: 'as many' });
  await backlog.site.close();
  return both;
}
