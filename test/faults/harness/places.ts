import type { Aimed } from '../fault.ts';

/** Of each place that rounds aimed at: how often, and how often they met it. */
export type Places = Readonly<Record<string, { aimed: number; reached: number }>>;

export function countPlace(places: Places, { place, isReached }: Aimed): Places {
  const { aimed, reached } = places[place] ?? { aimed: 0, reached: 0 };
  return { ...places, [place]: { aimed: aimed + 1, reached: reached + (isReached ? 1 : 0) } };
}

export function sumPlaces(all: readonly Places[]): Places {
  const sum: Record<string, { aimed: number; reached: number }> = {};
  for (const places of all)
    for (const [place, { aimed, reached }] of Object.entries(places)) {
      const known = sum[place] ?? { aimed: 0, reached: 0 };
      sum[place] = { aimed: known.aimed + aimed, reached: known.reached + reached };
    }
  return sum;
}

/** Those that no round has met: what is said of them by a run is nothing. */
export function neverReached(places: Places): string[] {
  return Object.entries(places).flatMap(([place, { reached }]) => (reached === 0 ? [place] : []));
}
