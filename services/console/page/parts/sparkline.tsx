import type { Trend } from '../../schemas/alert.ts';
import { counted, whole } from '../words.ts';

const HOUR = 3_600_000;
const HOURS = 48;
const WIDTH = 96;
const HEIGHT = 20;

/** Exchanges an hour over two days up to the newest hour; an hour without a window is an hour without calls. */
export function Sparkline({ trend }: { trend: Trend | undefined }) {
  const newest = Math.max(0, ...(trend?.ends_ms ?? []));
  if (trend === undefined || newest === 0) return <span class="soft">none stored</span>;
  const at = new Map(trend.ends_ms.map((end, place) => [end, trend.calls[place] ?? 0]));
  const calls = Array.from({ length: HOURS }, (_, place) => at.get(newest - (HOURS - 1 - place) * HOUR) ?? 0);
  const most = Math.max(1, ...calls);
  const step = WIDTH / HOURS;
  const said = `${counted(calls.at(-1) ?? 0, 'exchange')} in the newest hour, ${whole(most)} at most in 48 hours`;
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={said}
    >
      <title>{said}</title>
      {calls.map((value, place) => {
        const height = value === 0 ? 0 : Math.max(1, (value / most) * HEIGHT);
        return <rect key={place} x={place * step} y={HEIGHT - height} width={step - 0.4} height={height} />;
      })}
    </svg>
  );
}
