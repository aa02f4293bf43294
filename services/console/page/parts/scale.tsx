import type { AlertFeature } from '../../../records/alert.ts';
import { figure, percent } from '../words.ts';

const WIDTH = 220;
const HEIGHT = 32;
const EDGE = 6;
/** Of the value with its thresholds, and of the cohort below it. */
const VALUE_ROW = 9;
const COHORT_ROW = 24;

/** To which side a feature counts. An earlier version did not say where it counts fully: then what contributes is on the side that counts. */
function countsAbove({ value, threshold, threshold_full, contribution }: AlertFeature): boolean {
  if (threshold_full !== null) return threshold_full > threshold;
  return contribution > 0 ? value >= threshold : value < threshold;
}

/** Shares are shown on 0 to 1, everything else from 0 to a little beyond the largest of what is shown, or from below 0 where some of it is. */
function domainOf({ value, threshold, threshold_full, baseline_quantiles, unit }: AlertFeature): [number, number] {
  if (unit === 'share') return [0, 1];
  const shown = [0, value, threshold, threshold_full ?? threshold, ...baseline_quantiles];
  const high = Math.max(...shown);
  const low = Math.min(...shown);
  const room = (high - low) * 0.12 || 1;
  return [low < 0 ? low - room : 0, high + room];
}

/** A feature's value with its thresholds, above what the accounts of its cohort do on the same scale; the figures beside it as text. */
export function FeatureScale({ feature }: { feature: AlertFeature }) {
  const { name, value, unit, contribution, baseline_quantiles: quantiles } = feature;
  const [low, high] = domainOf(feature);
  const place = (at: number): number => EDGE + ((at - low) / (high - low)) * (WIDTH - 2 * EDGE);
  const said = `${name} is ${figure(value)} ${unit}`;
  return (
    <div class="scale">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={said}>
        <line class="axis" x1={EDGE} x2={WIDTH - EDGE} y1={VALUE_ROW} y2={VALUE_ROW} />
        <Thresholds feature={feature} place={place} />
        <circle class={contribution > 0 ? 'value' : 'value without'} cx={place(value)} cy={VALUE_ROW} r={4.5} />
        <Cohort places={quantiles.map(place)} />
      </svg>
      <ul class="soft">
        <li>{counting(feature)}</li>
        <li>{compared(feature)}</li>
      </ul>
    </div>
  );
}

/** The side that counts is shaded, fully from where it counts fully. */
function Thresholds({ feature, place }: { feature: AlertFeature; place(value: number): number }) {
  const from = place(feature.threshold);
  const full = feature.threshold_full === null ? from : place(feature.threshold_full);
  const end = countsAbove(feature) ? WIDTH - EDGE : EDGE;
  const shade = (kind: string, one: number, other: number) => (
    <rect
      class={kind}
      x={Math.min(one, other)}
      y={VALUE_ROW - 4}
      width={Math.max(0, Math.abs(other - one))}
      height={8}
    />
  );
  return (
    <>
      {shade('counts rising', from, full)}
      {shade('counts', full, end)}
      <line class="threshold" x1={from} x2={from} y1={VALUE_ROW - 7} y2={VALUE_ROW + 7} />
      {feature.threshold_full !== null && (
        <line class="threshold" x1={full} x2={full} y1={VALUE_ROW - 5} y2={VALUE_ROW + 5} />
      )}
    </>
  );
}

/** Nine accounts in ten are on the line, half of all in the box; ticks are the median and the highest hundredth. */
function Cohort({ places }: { places: readonly number[] }) {
  if (places.length === 0) return null;
  const [p5 = 0, p25 = 0, p50 = 0, p75 = 0, p95 = 0, p99 = 0] = places;
  const tick = (at: number) => <line class="tick" x1={at} x2={at} y1={COHORT_ROW - 5} y2={COHORT_ROW + 5} />;
  return (
    <g class="cohort">
      <line class="most" x1={p5} x2={p95} y1={COHORT_ROW} y2={COHORT_ROW} />
      <rect x={p25} y={COHORT_ROW - 4} width={Math.max(1, p75 - p25)} height={8} />
      {tick(p50)}
      {tick(p99)}
    </g>
  );
}

function counting(feature: AlertFeature): string {
  const from = `Counts ${countsAbove(feature) ? 'above' : 'below'} ${figure(feature.threshold)}`;
  return feature.threshold_full === null ? from : `${from}, fully from ${figure(feature.threshold_full)}`;
}

function compared({ baseline_quantiles, baseline_percentile }: AlertFeature): string {
  if (baseline_percentile === null) return 'No baseline: no values of other accounts are known to compare it with';
  const above = `above ${baseline_percentile.toFixed(1)} % of the accounts of its cohort`;
  const [p5, p25, p50, p75, p95, p99] = baseline_quantiles.map(figure);
  return p99 === undefined
    ? `It is ${above}; what they do is not on this alert`
    : `It is ${above}: half of them are at ${p25} to ${p75} (median ${p50}), nine in ten at ${p5} to ${p95}, one in a hundred above ${p99}`;
}

export function Contribution({ of: feature }: { of: AlertFeature }) {
  return (
    <span class="bar">
      <meter min={0} max={1} value={feature.contribution} aria-label={`contribution of ${feature.name}`} />{' '}
      {percent(feature.contribution)}
    </span>
  );
}
