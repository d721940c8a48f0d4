import { chartDocument, escaped, LEFT, niceCeiling, numeral, PLOT_WIDTH, RIGHT, round, WIDTH } from './svg.ts';

/** Lines over time, each with as many values as there are times; a value that is no number leaves a gap. */
export interface LineChart {
  readonly title: string;
  /** With the unit. */
  readonly yLabel: string;
  /** In the order of `lines`. */
  readonly times: readonly number[];
  readonly lines: ReadonlyArray<{ readonly name: string; readonly values: readonly number[] }>;
}

const HEAD = 64;
const PANEL = 230;
const PANEL_TOP = 52;
const PLOT_HEIGHT = 140;
const FOOT = 36;
const TICKS = 4;
const LONGEST_LEGEND_STEP = 120;

const STYLE = `
    .panel { font-weight: 600; } .line { fill: none; stroke-width: 1.6; }
    .l0 { stroke: #1f6feb; } .l1 { stroke: #bf3989; } .l2 { stroke: #1a7f37; } .l3 { stroke: #9a6700; } .l4 { stroke: #57606a; }
    .l5 { stroke: #8250df; } .l6 { stroke: #cf222e; } .l7 { stroke: #0a7d8c; }
    @media (prefers-color-scheme: dark) {
      .l0 { stroke: #4493f8; } .l1 { stroke: #f778ba; } .l2 { stroke: #3fb950; } .l3 { stroke: #d29922; } .l4 { stroke: #9198a1; }
      .l5 { stroke: #ab7df8; } .l6 { stroke: #ff7b72; } .l7 { stroke: #39c5cf; }
    }
`;

/** Draws charts below each other, over the same time, as an SVG document that is readable on light and on dark ground. */
export function lineCharts(given: {
  readonly title: string;
  readonly subtitle: string;
  readonly xLabel: string;
  readonly charts: readonly LineChart[];
}): string {
  const { title, subtitle, xLabel, charts } = given;
  const height = HEAD + charts.length * PANEL + FOOT;
  const last = Math.max(1e-9, ...charts.flatMap(({ times }) => times));
  const drawn = charts.flatMap((chart, at) => panel(chart, HEAD + at * PANEL, last));
  return chartDocument({ title, subtitle, xLabel, height, style: STYLE, drawn });
}

function panel(chart: LineChart, top: number, last: number): string[] {
  const values = chart.lines.flatMap((line) => line.values.filter(Number.isFinite));
  const ceiling = niceCeiling(Math.max(0, ...values));
  const base = top + PANEL_TOP + PLOT_HEIGHT;
  const y = (value: number): number => round(base - (value / ceiling) * PLOT_HEIGHT);
  const x = (time: number): number => round(LEFT + (time / last) * PLOT_WIDTH);
  const legendStep = Math.min(LONGEST_LEGEND_STEP, PLOT_WIDTH / chart.lines.length);
  const heads = chart.lines.map(({ name }, at) => {
    const left = round(LEFT + at * legendStep);
    return `  <path class="line l${at}" d="M${left} ${top + 36}h16"/><text class="quiet" x="${left + 22}" y="${top + 40}">${escaped(name)}</text>`;
  });
  const rows = Array.from({ length: TICKS + 1 }, (_, at) => {
    const value = (ceiling * at) / TICKS;
    return `  <line class="grid" x1="${LEFT}" y1="${y(value)}" x2="${WIDTH - RIGHT}" y2="${y(value)}"/><text class="quiet" x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${numeral(value)}</text>`;
  });
  const columns = Array.from({ length: TICKS + 1 }, (_, at) => {
    const time = (last * at) / TICKS;
    return `  <text class="quiet" x="${x(time)}" y="${base + 18}" text-anchor="middle">${numeral(time, 1)}</text>`;
  });
  const drawn = chart.lines.map(
    (line, at) => `  <path class="line l${at}" d="${pathOf(chart.times, line.values, x, y)}"/>`,
  );
  return [
    `  <text class="panel" x="${LEFT}" y="${top + 20}">${escaped(chart.title)}</text>`,
    `  <text class="quiet" transform="translate(18 ${base - PLOT_HEIGHT / 2}) rotate(-90)" text-anchor="middle">${escaped(chart.yLabel)}</text>`,
    ...heads,
    ...rows,
    ...columns,
    ...drawn,
  ];
}

/** A new stroke begins after every gap. */
function pathOf(
  times: readonly number[],
  values: readonly number[],
  x: (time: number) => number,
  y: (value: number) => number,
): string {
  let path = '';
  let drawing = false;
  for (const [at, time] of times.entries()) {
    const value = values[at] ?? Number.NaN;
    if (Number.isFinite(value)) path += `${drawing ? 'L' : 'M'}${x(time)} ${y(value)}`;
    drawing = Number.isFinite(value);
  }
  return path;
}
