/**
 * The few plots of the report as plain SVG text. By hand, because each is a loop over rectangles; a plotting library would bring a DOM and forty packages into
 * the development tree for four pictures.
 */
const ROW = 22;
const LABEL = 300;
const PLOT = 420;

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function svg(width: number, height: number, title: string, body: string): string {
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeText(title)}">${body}</svg>`;
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end' = 'start', style = ''): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" ${style}>${escapeText(content)}</text>`;
}

export interface Bar {
  label: string;
  /** 0..1. */
  value: number | null;
  /** A second, fainter bar behind, 0..1. */
  behind?: number | null;
  caption: string;
}

/** Horizontal bars from 0 to 1; `goal` draws a line. */
export function barPlot(title: string, bars: readonly Bar[], goal?: number): string {
  const height = bars.length * ROW + 24;
  const ticks = [0, 0.25, 0.5, 0.75, 1]
    .map((tick) => {
      const x = LABEL + tick * PLOT;
      return `<line class="grid" x1="${x}" y1="0" x2="${x}" y2="${height - 18}"/>${text(x, height - 4, `${tick * 100} %`, 'middle')}`;
    })
    .join('');
  const rows = bars
    .map(({ label, value, behind, caption }, index) => {
      const y = index * ROW;
      const rect = (share: number | null | undefined, kind: string): string =>
        share == null
          ? ''
          : `<rect class="${kind}" x="${LABEL}" y="${y + 3}" width="${(Math.min(1, share) * PLOT).toFixed(1)}" height="${ROW - 7}"/>`;
      return `${text(LABEL - 8, y + 15, label, 'end')}${rect(behind, 'faint')}${rect(value, 'bar')}${text(LABEL + PLOT + 8, y + 15, caption)}`;
    })
    .join('');
  const line =
    goal === undefined
      ? ''
      : `<line class="goal" x1="${LABEL + goal * PLOT}" y1="0" x2="${LABEL + goal * PLOT}" y2="${height - 18}"/>`;
  return svg(LABEL + PLOT + 150, height, title, ticks + rows + line);
}

export interface Dot {
  /** 0..1. */
  x: number;
  y: number;
  /** Area follows it. */
  weight: number;
  caption: string;
}

/** A square from 0 to 1 both ways with its diagonal: predicted against observed. */
export function diagonalPlot(title: string, dots: readonly Dot[], xTitle: string, yTitle: string): string {
  const side = 320;
  const left = 60;
  const x = (value: number): number => left + value * side;
  const y = (value: number): number => 10 + (1 - value) * side;
  const heaviest = Math.max(1, ...dots.map(({ weight }) => weight));
  const grid = [0, 0.25, 0.5, 0.75, 1]
    .map(
      (tick) =>
        `<line class="grid" x1="${x(tick)}" y1="${y(0)}" x2="${x(tick)}" y2="${y(1)}"/><line class="grid" x1="${x(0)}" y1="${y(tick)}" x2="${x(1)}" y2="${y(tick)}"/>` +
        text(x(tick), y(0) + 16, String(tick), 'middle') +
        text(left - 8, y(tick) + 4, String(tick), 'end'),
    )
    .join('');
  const points = dots
    .map((dot) => {
      const radius = 3 + 9 * Math.sqrt(dot.weight / heaviest);
      return `<circle class="bar" cx="${x(dot.x).toFixed(1)}" cy="${y(dot.y).toFixed(1)}" r="${radius.toFixed(1)}"><title>${escapeText(dot.caption)}</title></circle>`;
    })
    .join('');
  const diagonal = `<line class="goal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>`;
  return svg(
    left + side + 20,
    side + 50,
    title,
    `${grid}${diagonal}${points}${text(x(0.5), side + 46, xTitle, 'middle')}${text(0, 0, yTitle, 'middle', `transform="translate(14 ${y(0.5)}) rotate(-90)"`)}`,
  );
}

export interface Cell {
  column: string;
  row: string;
  /** 0..1, or null where nothing was measured. */
  value: number | null;
}

/** A table of coloured cells: columns and rows in the order in which they first come. */
export function heatMap(title: string, cells: readonly Cell[]): string {
  const columns = [...new Set(cells.map(({ column }) => column))];
  const rows = [...new Set(cells.map(({ row }) => row))];
  const size = 56;
  const left = 130;
  const body = cells
    .map(({ column, row, value }) => {
      const x = left + columns.indexOf(column) * size;
      const y = 24 + rows.indexOf(row) * 34;
      const fill = value === null ? '#ddd' : `hsl(${Math.round(value * 120)} 55% 72%)`;
      return `<rect x="${x}" y="${y}" width="${size - 2}" height="32" style="fill:${fill}"/>${text(x + size / 2, y + 21, value === null ? '' : `${Math.round(value * 100)} %`, 'middle', 'class="cell"')}`;
    })
    .join('');
  const heads =
    columns.map((column, index) => text(left + index * size + size / 2, 16, column, 'middle')).join('') +
    rows.map((row, index) => text(left - 8, 24 + index * 34 + 21, row, 'end')).join('');
  return svg(left + columns.length * size, 24 + rows.length * 34, title, heads + body);
}
