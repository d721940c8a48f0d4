import { RetrySchedule } from '#libs/domain';

import { lineCharts } from '../../report/line-chart.ts';
import type { Scene } from './scenes.ts';
import type { Course } from './simulate.ts';

/** How deep the retry tiers get, one panel for each scene. */
export function outageChart(
  title: string,
  scenes: ReadonlyArray<{ readonly scene: Scene; readonly course: Course }>,
): string {
  const [first] = scenes;
  const share = first ? `${first.scene.outage.hours} h away, from 0 on` : '';
  return lineCharts({
    title,
    subtitle: `Deliveries that wait, by retry topic; ${share}. Simulated`,
    xLabel: 'hours since the outage began',
    charts: scenes.map(({ scene, course }) => ({
      title: scene.title,
      yLabel: 'millions of records',
      times: course.moments.map(({ hour }) => hour),
      lines: [
        ...RetrySchedule.parse(scene.outage.schedule).tiers.map(({ name }, at) => ({
          name,
          values: course.moments.map(({ waiting }) => (waiting[at] ?? 0) / 1e6),
        })),
        { name: 'due', values: course.moments.map(({ due }) => due / 1e6) },
      ],
    })),
  });
}
