export const WIDTH = 900;
export const LEFT = 86;
export const RIGHT = 24;
export const PLOT_WIDTH = WIDTH - LEFT - RIGHT;

/** What text, grid and axes look like, on light and on dark ground. */
const PAPER = `
    text { font: 13px system-ui, sans-serif; fill: #24292f; }
    .title { font-size: 17px; font-weight: 600; }
    .quiet { fill: #57606a; font-size: 12px; }
    .grid { stroke: #d0d7de; } .axis { stroke: #57606a; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; } .quiet { fill: #9198a1; }
      .grid { stroke: #3d444d; } .axis { stroke: #9198a1; }
    }
`;

/** A document with a head above what is drawn, and what is below it. */
export function chartDocument(given: {
  readonly title: string;
  readonly subtitle: string;
  readonly xLabel: string;
  readonly height: number;
  readonly style: string;
  readonly drawn: readonly string[];
}): string {
  const { title, subtitle, xLabel, height, style, drawn } = given;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">`,
    `  <style>${PAPER}${style}  </style>`,
    `  <text class="title" x="${LEFT}" y="28">${escaped(title)}</text>`,
    `  <text class="quiet" x="${LEFT}" y="48">${escaped(subtitle)}</text>`,
    ...drawn,
    `  <text class="quiet" x="${LEFT + PLOT_WIDTH / 2}" y="${height - 14}" text-anchor="middle">${escaped(xLabel)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

/** The next of 1, 2, 2.5, 4, 5, 8 and 10 times a power of ten. */
export function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 4, 5, 8].find((step) => step * power >= value) ?? 10) * power;
}

export function numeral(value: number, decimals = 2): string {
  return value.toLocaleString('en', { maximumFractionDigits: decimals });
}

/** To a tenth of a pixel. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
