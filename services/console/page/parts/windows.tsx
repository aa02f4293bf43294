import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { choose, type Route } from '../route.ts';
import { counted, whole } from '../words.ts';
import { Chart, type ChartPoint } from './chart.tsx';
import { Table, Time } from './small.tsx';

export type Size = 'minute' | 'hour' | 'day';
export const LENGTHS: Readonly<Record<Size, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const SIZES: readonly Size[] = ['minute', 'hour', 'day'];

export function sizeOf({ parameters }: Route): Size {
  return SIZES.find((size) => size === parameters.get('size')) ?? 'hour';
}

interface WindowsProps {
  route: Route;
  /** Latest first. */
  points: readonly ChartPoint[];
  step: number;
  /** Columns beyond the window's end, its exchanges and its accounts. */
  heads: readonly string[];
  cells: readonly (readonly ComponentChildren[])[];
}

/** Exchanges over time, as a picture and as a table, by minute, hour or day. */
export function WindowsPanel({ route, points, step, heads, cells }: WindowsProps) {
  const size = sizeOf(route);
  const ascending = useMemo(() => [...points].reverse(), [points]);
  const hasAccounts = points.some(({ accounts }) => accounts !== null);
  const sum = points.reduce((total, { calls }) => total + calls, 0);
  return (
    <section aria-label="Exchanges over time" class="panel">
      <div class="title">
        <h2>Exchanges by {size}</h2>
        <fieldset class="switch">
          <legend class="unseen">Window</legend>
          {SIZES.map((name) => (
            <button key={name} type="button" aria-pressed={name === size} onClick={() => choose(route, { size: name })}>
              {name}
            </button>
          ))}
        </fieldset>
      </div>
      {points.length === 0 ? (
        <p class="soft">No {size} is stored.</p>
      ) : (
        <>
          <Chart
            label={`Exchanges by ${size}: ${counted(sum, 'exchange')} in ${counted(points.length, size)}`}
            points={ascending}
            step={step}
          />
          <details>
            <summary>The same as a table</summary>
            <Table
              name="Windows"
              numbers={['Exchanges', 'Accounts', ...heads]}
              heads={['Until', 'Exchanges', ...(hasAccounts ? ['Accounts'] : []), ...heads]}
            >
              {points.map(({ end, calls, accounts }, place) => (
                <tr key={end}>
                  <td>
                    <Time at={end} />
                  </td>
                  <td class="number">{whole(calls)}</td>
                  {hasAccounts && <td class="number">{accounts === null ? '' : whole(accounts)}</td>}
                  {heads.map((head, column) => (
                    <td key={head} class="number">
                      {cells[place]?.[column]}
                    </td>
                  ))}
                </tr>
              ))}
            </Table>
          </details>
        </>
      )}
    </section>
  );
}
