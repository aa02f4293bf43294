import { quantile } from '../../support/quantile.ts';

export interface Sample {
  x: number;
  y: number;
}

/** By how much y grows for one of x: the median of the slopes between all pairs (Theil and Sen), which a few wild samples do not move. */
export function slope(samples: readonly Sample[]): number {
  const slopes = samples.flatMap((a, place) =>
    samples.slice(place + 1).flatMap((b) => (b.x === a.x ? [] : [(b.y - a.y) / (b.x - a.x)])),
  );
  return quantile(slopes, 0.5);
}
