import type { AttributeIndex } from './attribute-index.ts';
import { DECISIVE } from './evidence.ts';
import type { LinkSettings } from './settings.ts';

/**
 * Accounts that registered like this one or draw on the same queue. Of each attribute the earliest and the latest members only: a late member of a large ring meets its founders and
 * its latest recruits, not everybody, which keeps the work for an attribute linear in its members.
 */
export function registeredAlike(id: string, index: AttributeIndex, settings: LinkSettings): Set<string> {
  const found = new Set<string>();
  for (const kind of DECISIVE) {
    for (const value of index.known(id)?.sightings.get(kind)?.keys() ?? []) {
      for (const other of index.members(kind, value, settings.compared)) if (other !== id) found.add(other);
    }
  }
  return found;
}

/** Accounts that use the same templates, both often enough that they can be in step round the clock. */
export function activeAlike(id: string, index: AttributeIndex, settings: LinkSettings): Set<string> {
  const own = index.known(id)?.bins ?? NO_BINS;
  let all = 0;
  for (const bins of own.values()) all += bins.length;
  if (all < settings.lockstep.roundTheClock.bins) return new Set();
  const possible = new Map<string, number>();
  for (const [template, bins] of own) {
    for (const other of index.members('template', template, settings.compared)) {
      const theirs = other === id ? 0 : (index.known(other)?.bins.get(template)?.length ?? 0);
      if (theirs > 0) possible.set(other, (possible.get(other) ?? 0) + Math.min(theirs, bins.length));
    }
  }
  const found = new Set<string>();
  for (const [other, most] of possible) if (most >= settings.lockstep.roundTheClock.bins) found.add(other);
  return found;
}

const NO_BINS: ReadonlyMap<string, readonly number[]> = new Map();
