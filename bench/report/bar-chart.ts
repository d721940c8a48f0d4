import { chartDocument, escaped, LEFT, niceCeiling, numeral, PLOT_WIDTH, RIGHT, round, WIDTH } from './svg.ts';

/** One bar, with the least and the greatest of what was measured where there were several rounds. */
export interface BarValue {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** Groups of bars side by side. */
export interface BarChart {
  readonly title: string;
  readonly subtitle: string;
  readonly xLabel: string;
  /** With the unit. */
  readonly yLabel: string;
  readonly series: readonly string[];
  /** A bar of each series, in their order; undefined leaves a gap. */
  readonly groups: ReadonlyArray<{ readonly label: string; readonly bars: ReadonlyArray<BarValue | undefined> }>;
  /** A line across, at something that is aimed at. */
  readonly aim?: { readonly value: number; readonly label: string };
  readonly decimals: number;
}

const HEIGHT = 420;
const TOP = 92;
const BOTTOM = 62;
const PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;
const BASE = TOP + PLOT_HEIGHT;
const GROUP_FILL = 0.72;
const TICKS = 5;

const STYLE = `
    .value { font-size: 12px; text-anchor: middle; }
    .whisker { stroke: #24292f; stroke-width: 1.5; }
    .aim { stroke: #cf222e; stroke-dasharray: 5 4; } .aim-label { fill: #cf222e; font-size: 12px; text-anchor: end; }
    .s0 { fill: #8c959f; } .s1 { fill: #1f6feb; }
    @media (prefers-color-scheme: dark) {
      .whisker { stroke: #e6edf3; }
      .aim { stroke: #ff7b72; } .aim-label { fill: #ff7b72; }
      .s0 { fill: #767e89; } .s1 { fill: #4493f8; }
    }
`;

/** Draws the chart as an SVG document that is readable on light and on dark ground. */
export function barChart(chart: BarChart): string {
  const top = niceCeiling(largestIn(chart));
  const y = (value: number): number => BASE - (Math.min(value, top) / top) * PLOT_HEIGHT;
  const drawn = [
    ...legend(chart.series),
    ...grid(top, y),
    ...chart.groups.flatMap((group, at) => bars(chart, group, at, y)),
    ...aim(chart.aim, y),
    `  <line class="axis" x1="${LEFT}" y1="${BASE}" x2="${WIDTH - RIGHT}" y2="${BASE}"/>`,
    `  <text class="quiet" transform="translate(18 ${TOP + PLOT_HEIGHT / 2}) rotate(-90)" text-anchor="middle">${escaped(chart.yLabel)}</text>`,
  ];
  const { title, subtitle, xLabel } = chart;
  return chartDocument({ title, subtitle, xLabel, height: HEIGHT, style: STYLE, drawn });
}

function largestIn({ groups, aim }: BarChart): number {
  const values = groups.flatMap(({ bars }) => bars.flatMap((bar) => (bar ? [bar.value, bar.high ?? 0] : [])));
  return Math.max(0, aim?.value ?? 0, ...values.filter(Number.isFinite));
}

function legend(series: readonly string[]): string[] {
  return series.map((name, at) => {
    const x = LEFT + at * 170;
    return `  <rect class="s${at}" x="${x}" y="60" width="12" height="12" rx="2"/><text class="quiet" x="${x + 18}" y="70">${escaped(name)}</text>`;
  });
}

function grid(top: number, y: (value: number) => number): string[] {
  return Array.from({ length: TICKS + 1 }, (_, at) => {
    const value = (top * at) / TICKS;
    const height = y(value);
    const label = `<text class="quiet" x="${LEFT - 8}" y="${round(height + 4)}" text-anchor="end">${numeral(value)}</text>`;
    return `  <line class="grid" x1="${LEFT}" y1="${round(height)}" x2="${WIDTH - RIGHT}" y2="${round(height)}"/>${label}`;
  });
}

function bars(chart: BarChart, group: BarChart['groups'][number], at: number, y: (value: number) => number): string[] {
  const groupWidth = PLOT_WIDTH / chart.groups.length;
  const start = LEFT + at * groupWidth;
  const width = (groupWidth * GROUP_FILL) / chart.series.length;
  const label = `  <text x="${round(start + groupWidth / 2)}" y="${BASE + 20}" text-anchor="middle">${escaped(group.label)}</text>`;
  const drawn = group.bars.flatMap((bar, series) => {
    if (bar === undefined || !Number.isFinite(bar.value)) return [];
    const left = start + (groupWidth * (1 - GROUP_FILL)) / 2 + series * width;
    return [oneBar(bar, series, left, width, y, chart.decimals)];
  });
  return [label, ...drawn];
}

function oneBar(
  { value, low, high }: BarValue,
  series: number,
  left: number,
  width: number,
  y: (value: number) => number,
  decimals: number,
): string {
  const middle = round(left + width / 2);
  const height = y(value);
  const rect = `<rect class="s${series}" x="${round(left + 2)}" y="${round(height)}" width="${round(width - 4)}" height="${round(BASE - height)}"/>`;
  const whisker =
    low === undefined || high === undefined || low === high
      ? ''
      : `<path class="whisker" fill="none" d="M${middle - 5} ${round(y(high))}h10M${middle} ${round(y(high))}V${round(y(low))}M${middle - 5} ${round(y(low))}h10"/>`;
  const text = `<text class="value" x="${middle}" y="${round(y(Math.max(value, high ?? value)) - 6)}">${numeral(value, decimals)}</text>`;
  return `  ${rect}${whisker}${text}`;
}

function aim(aim: BarChart['aim'], y: (value: number) => number): string[] {
  if (aim === undefined) return [];
  const height = round(y(aim.value));
  return [
    `  <line class="aim" x1="${LEFT}" y1="${height}" x2="${WIDTH - RIGHT}" y2="${height}"/>` +
      `<text class="aim-label" x="${WIDTH - RIGHT - 4}" y="${height - 5}">${escaped(aim.label)}</text>`,
  ];
}
