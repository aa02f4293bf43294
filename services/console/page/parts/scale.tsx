import type { AlertFeature } from '../../../records/alert.ts';
import { figure, percent } from '../words.ts';

const WIDTH = 220;
const HEIGHT = 26;
const MIDDLE = 9;
const EDGE = 6;

/** From where a feature counts, and to which side. The sign is read off the alert: what contributes is on the side that counts. */
export function countsAbove({ value, threshold, contribution }: AlertFeature): boolean {
  return contribution > 0 ? value >= threshold : value < threshold;
}

/** Shares are shown on 0 to 1, everything else on 0 to a little beyond the larger of value and threshold, or below 0 where it is. */
function domainOf({ value, threshold, unit }: AlertFeature): readonly [number, number] {
  if (unit === 'share') return [0, 1];
  const high = Math.max(value, threshold, 0);
  const low = Math.min(value, threshold, 0);
  const room = (high - low) * 0.12 || 1;
  return [low < 0 ? low - room : 0, high + room];
}

/** The value on its scale: the side that counts is shaded, the threshold is a line, the value a dot. */
export function ValueScale({ feature }: { feature: AlertFeature }) {
  const [low, high] = domainOf(feature);
  const place = (value: number): number => EDGE + ((value - low) / (high - low)) * (WIDTH - 2 * EDGE);
  const isAbove = countsAbove(feature);
  const threshold = place(feature.threshold);
  const value = place(feature.value);
  const counts = `counts ${isAbove ? 'above' : 'below'} ${figure(feature.threshold)}`;
  const said = `${feature.name} is ${figure(feature.value)} ${feature.unit}; ${counts}`;
  const isRight = threshold > WIDTH / 2;
  return (
    <svg class="scale" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={said}>
      <title>{said}</title>
      <line class="axis" x1={EDGE} x2={WIDTH - EDGE} y1={MIDDLE} y2={MIDDLE} />
      <rect
        class="counts"
        x={isAbove ? threshold : EDGE}
        y={MIDDLE - 4}
        width={Math.max(0, isAbove ? WIDTH - EDGE - threshold : threshold - EDGE)}
        height={8}
      />
      <line class="threshold" x1={threshold} x2={threshold} y1={MIDDLE - 7} y2={MIDDLE + 7} />
      <circle class={feature.contribution > 0 ? 'value' : 'value without'} cx={value} cy={MIDDLE} r={4.5} />
      <text class="small" x={threshold} y={HEIGHT - 1} text-anchor={isRight ? 'end' : 'start'}>
        {counts}
      </text>
    </svg>
  );
}

const STRIP = 110;

/** Where the value lies among the accounts of its cohort. */
export function PercentileStrip({ of: percentile }: { of: number | null }) {
  if (percentile === null) return <span class="soft">no baseline</span>;
  const said = `above ${percentile.toFixed(1)} % of the accounts of its cohort`;
  return (
    <span class="strip">
      <svg viewBox={`0 0 ${STRIP} 14`} width={STRIP} height={14} role="img" aria-label={said}>
        <title>{said}</title>
        <rect class="cohort" x={0} y={5} width={STRIP} height={4} />
        <rect class="middle" x={STRIP * 0.25} y={4} width={STRIP * 0.5} height={6} />
        <circle class="value" cx={Math.min(STRIP - 4, Math.max(4, (percentile / 100) * STRIP))} cy={7} r={3.5} />
      </svg>{' '}
      {percentile.toFixed(1)}
    </span>
  );
}

export function Contribution({ of: feature }: { of: AlertFeature }) {
  return (
    <span class="bar">
      <meter min={0} max={1} value={feature.contribution} aria-label={`contribution of ${feature.name}`} />{' '}
      {percent(feature.contribution)}
    </span>
  );
}
