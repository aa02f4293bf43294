import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { useTheme, useZone } from '../preferences.ts';
import { clock, offset, type Zone } from '../times.ts';
import { whole } from '../words.ts';

export interface ChartPoint {
  /** End of the window, milliseconds. */
  end: number;
  calls: number;
  accounts: number | null;
}

interface ChartProps {
  /** What is shown, for those who do not see it. */
  label: string;
  /** Ascending; a window that is not there had no calls. */
  points: readonly ChartPoint[];
  /** Length of a window, milliseconds. */
  step: number;
  /** Moments to point out, milliseconds. */
  marks?: readonly { at: number; name: string }[];
}

const HEIGHT = 190;
const DARK = '(prefers-color-scheme: dark)';
const DAY = 86_400;
/** uPlot's templates: by distance of the ticks in seconds, what is written at each, and below it where a year or a day begins. Never am and pm. */
const TIME_TICKS: uPlot.Axis.Values = [
  [DAY, '{MM}-{DD}', '\n{YYYY}', null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{YYYY}-{MM}-{DD}', null, '\n{MM}-{DD}', null, null, null, 1],
];

/** Exchanges a window as bars, accounts as a line. The same figures are in a table beside it. */
export function Chart({ label, points, step, marks = [] }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const zone = useZone();
  const theme = useTheme();
  const isDark = useSystemDark();
  // Compared by content: a refresh that brings the same figures must not take the cursor away.
  const drawn = JSON.stringify({ points, marks });
  useEffect(() => {
    const parent = box.current;
    const { points, marks }: Pick<Required<ChartProps>, 'points' | 'marks'> = JSON.parse(drawn);
    if (parent === null || points.length === 0) return;
    const colours = coloursOf(parent);
    const data = filled(points, step);
    const hasAccounts = points.some(({ accounts }) => accounts !== null);
    const plot = new uPlot(
      {
        width: Math.max(240, parent.clientWidth),
        height: HEIGHT,
        tzDate: (seconds) =>
          zone === 'utc' ? uPlot.tzDate(new Date(seconds * 1_000), 'UTC') : new Date(seconds * 1_000),
        cursor: { y: false, points: { size: 6 } },
        legend: { live: true },
        scales: {
          x: { time: true },
          accounts: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] },
          y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] },
        },
        axes: [
          { ...axis(colours), values: TIME_TICKS },
          { ...axis(colours), size: 56 },
          ...(hasAccounts ? [{ ...axis(colours), scale: 'accounts', side: 1, size: 50, grid: { show: false } }] : []),
        ],
        series: [
          { label: zone === 'utc' ? 'UTC' : 'local', value: (_, seconds) => said(seconds, zone) },
          exchanges(colours),
          ...(hasAccounts ? [accountLine(colours)] : []),
        ],
        hooks: { draw: [(drawn) => drawMarks(drawn, marks, colours.mark)] },
      },
      data,
      parent,
    );
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: Math.max(240, parent.clientWidth), height: HEIGHT }),
    );
    observer.observe(parent);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [drawn, step, zone, theme, isDark]);
  return <div class="chart" ref={box} role="img" aria-label={label} />;
}

/** Whether the system asks for dark colours now. */
function useSystemDark(): boolean {
  const [isDark, setDark] = useState(() => matchMedia(DARK).matches);
  useEffect(() => {
    const scheme = matchMedia(DARK);
    const changed = (): void => setDark(scheme.matches);
    scheme.addEventListener('change', changed);
    return () => scheme.removeEventListener('change', changed);
  }, []);
  return isDark;
}

interface Colours {
  ink: string;
  grid: string;
  bars: string;
  line: string;
  mark: string;
}

/** A canvas knows no custom properties: they are asked of an element that has them. */
function coloursOf(parent: HTMLElement): Colours {
  const probe = document.createElement('span');
  parent.append(probe);
  const of = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const found = { ink: of('--soft'), grid: of('--line'), bars: of('--bars'), line: of('--second'), mark: of('--page') };
  probe.remove();
  return found;
}

function axis({ ink, grid }: Colours): uPlot.Axis {
  return {
    stroke: ink,
    font: '11px system-ui, sans-serif',
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1, size: 4 },
  };
}

const said = (seconds: number | null, zone: Zone): string =>
  seconds === null ? '' : `${clock(seconds * 1_000, zone)} ${offset(seconds * 1_000, zone)}`;
const written = (_: uPlot, value: number | null): string => (value === null ? '' : whole(value));

function exchanges({ bars }: Colours): uPlot.Series {
  const paths = uPlot.paths.bars?.({ size: [0.9, 40], align: -1 });
  return {
    label: 'exchanges',
    fill: bars,
    stroke: bars,
    width: 0,
    points: { show: false },
    value: written,
    ...(paths === undefined ? {} : { paths }),
  };
}

function accountLine({ line }: Colours): uPlot.Series {
  return { label: 'accounts', scale: 'accounts', stroke: line, width: 1.5, points: { show: false }, value: written };
}

/** Windows without calls have no row: they are zeros here, so that a pause looks like one. */
function filled(points: readonly ChartPoint[], step: number): uPlot.AlignedData {
  const known = new Map(points.map((point) => [point.end, point]));
  const first = points[0]?.end ?? 0;
  const last = points.at(-1)?.end ?? first;
  const ends = Array.from({ length: Math.round((last - first) / step) + 1 }, (_, place) => first + place * step);
  return [
    ends.map((end) => end / 1_000),
    ends.map((end) => known.get(end)?.calls ?? 0),
    ends.map((end) => known.get(end)?.accounts ?? (known.has(end) ? null : 0)),
  ].slice(0, points.some(({ accounts }) => accounts !== null) ? 3 : 2) as uPlot.AlignedData;
}

function drawMarks(plot: uPlot, marks: readonly { at: number; name: string }[], colour: string): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = ratio;
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.setLineDash([4 * ratio, 3 * ratio]);
  for (const { at, name } of marks) {
    const x = plot.valToPos(at / 1_000, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const isRight = x > bbox.left + bbox.width / 2;
    ctx.textAlign = isRight ? 'right' : 'left';
    ctx.fillText(name, x + (isRight ? -4 : 4) * ratio, bbox.top + 11 * ratio);
  }
  ctx.restore();
}
