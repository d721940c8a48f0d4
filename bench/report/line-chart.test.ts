import { describe, expect, it } from '@jest/globals';

import { lineCharts } from './line-chart.ts';

const svg = lineCharts({
  title: 'An hour & more',
  subtitle: 'here',
  xLabel: 'minutes',
  charts: [
    {
      title: 'memory',
      yLabel: 'MiB',
      times: [0, 30, 60],
      lines: [
        { name: 'config', values: [50, 100, 100] },
        { name: 'retry <1>', values: [10, Number.NaN, 20] },
      ],
    },
    { title: 'handles', yLabel: 'open files', times: [0, 60], lines: [{ name: 'config', values: [0, 0] }] },
  ],
});

const paths = [...svg.matchAll(/<path class="line l\d" d="(M[^h"]+)"/g)].map(([, path]) => path ?? '');

/** The points of a path. */
function pointsOf(path: string): number[][] {
  return path
    .split(/[ML]/)
    .slice(1)
    .map((point) => point.split(' ').map(Number));
}

describe('a chart of lines', () => {
  it('draws values in proportion, over time', () => {
    const [first, second, third] = pointsOf(paths[0]!);
    const [lower] = pointsOf(paths[1]!);
    expect(lower![1]! - first![1]!).toBeCloseTo(56, 0);
    expect(second![1]).toBe(third![1]);
    expect(second![0]! - first![0]!).toBeCloseTo(third![0]! - second![0]!, 0);
    expect(first![1]! - second![1]!).toBeCloseTo(70, 0);
  });

  it('leaves a gap where there is no value', () => {
    expect(paths[1]!.match(/M/g)).toHaveLength(2);
    expect(svg).not.toContain('NaN');
  });

  it('draws a line of zeros on the base line', () => {
    const [[, left], [, right]] = pointsOf(paths[2]!) as [[number, number], [number, number]];
    expect(left).toBe(right);
  });

  it('names the panels, their units and lines, and escapes what would be markup', () => {
    for (const text of ['>memory<', '>handles<', '>MiB<', '>open files<', '>minutes<', 'retry &#60;1&#62;']) {
      expect(svg).toContain(text);
    }
    expect(svg).toContain('An hour &#38; more');
  });
});
