import type { StateTables } from '../stream/state-table.ts';

export interface Place {
  readonly clusterId: string;
  /** In it by its company only (company.ts): it holds nobody else in it. */
  readonly attached: boolean;
}

/**
 * Which cluster each account is in. Asked for of everybody who shares anything with anybody, so it is kept apart from what else is known of an account, and as
 * it is: few are in a cluster.
 */
export interface Placement {
  of(id: string): Place | null;
  /** The cluster that an account is a linked member of; null: none, or attached only. */
  linkedIn(id: string): string | null;
  set(id: string, place: Place | null): void;
}

export function createPlacement(tables: StateTables): Placement {
  const places = tables.table<Place>('places');
  return {
    of: (id) => places.get(id) ?? null,
    linkedIn(id) {
      const place = places.get(id);
      return place === undefined || place.attached ? null : place.clusterId;
    },
    set(id, place) {
      const known = places.get(id);
      if (place === null) {
        if (known !== undefined) places.delete(id);
      } else if (known?.clusterId !== place.clusterId || known.attached !== place.attached) places.set(id, place);
    },
  };
}
