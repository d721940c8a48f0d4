import { describe, expect, it } from '@jest/globals';

import { type BarChart, barChart } from './bar-chart.ts';

const chart: BarChart = {
  title: 'Speed <fast> & "slow"',
  subtitle: 'here',
  xLabel: 'workload',
  yLabel: 'deliveries per second',
  series: ['bare', 'product'],
  groups: [
    { label: 'one', bars: [{ value: 1_000, low: 900, high: 1_100 }, { value: 500 }] },
    { label: 'two', bars: [undefined, { value: Number.NaN }] },
  ],
  decimals: 0,
};

/** Height and foot of each bar, by its series. */
function barsIn(svg: string): Array<{ series: string; top: number; height: number }> {
  const rects = svg.matchAll(/<rect class="s(\d)" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"\/>/g);
  return [...rects].map(([, series = '', top, height]) => ({ series, top: Number(top), height: Number(height) }));
}

describe('a bar chart', () => {
  it('draws bars in proportion, on one base line', () => {
    const [bare, product] = barsIn(barChart(chart));
    expect(bare?.height).toBeCloseTo(2 * (product?.height ?? 0), 0);
    expect((bare?.top ?? 0) + (bare?.height ?? 0)).toBeCloseTo((product?.top ?? 0) + (product?.height ?? 0), 1);
  });

  it('leaves a gap where there is no figure', () => {
    expect(barsIn(barChart(chart)).map(({ series }) => series)).toEqual(['0', '1']);
    expect(barChart(chart)).not.toContain('NaN');
  });

  it('draws a whisker only where rounds differ', () => {
    expect(barChart(chart).match(/<path class="whisker"/g)).toHaveLength(1);
  });

  it('has a title, axis labels, units, a legend and values', () => {
    const svg = barChart(chart);
    for (const text of [
      'here',
      'workload',
      'deliveries per second',
      'bare',
      'product',
      'one',
      'two',
      '>1,000<',
      '>500<',
    ]) {
      expect(svg).toContain(text);
    }
  });

  it('escapes what would be markup', () => {
    expect(barChart(chart)).toContain('Speed &#60;fast&#62; &#38; &#34;slow&#34;');
  });

  it('has colours for light and for dark ground', () => {
    expect(barChart(chart)).toContain('prefers-color-scheme: dark');
  });

  it('keeps an aim above every bar within the plot', () => {
    const svg = barChart({ ...chart, aim: { value: 5_000, label: 'far' } });
    const y = Number(/class="aim" x1="\d+" y1="([\d.]+)"/.exec(svg)?.[1]);
    expect(y).toBeGreaterThanOrEqual(90);
    expect(y).toBeLessThan(barsIn(svg)[0]?.top ?? 0);
  });
});
