import type { LinkAttribute } from '../records/link-observation.ts';
import { DECISIVE, type EvidenceDeps } from './evidence.ts';

/** Whom an account may be linked with. Good while the index is at rest: what many accounts ask for is remembered. */
export interface Candidates {
  /**
   * Accounts that registered like this one or draw on the same queue, by what weighs anything: by the rest nobody is linked. Of each attribute the earliest and the latest members only: a late member of a large ring meets its founders and
   * its latest recruits, not everybody, which keeps the work for an attribute linear in its members.
   */
  registeredAlike(id: string): Set<string>;
  /** Of those only who also shares one of these attributes: nobody else can have become linked with the account by them. Looks at no account but those it finds. */
  alikeIn(id: string, attributes: Iterable<LinkAttribute>): Set<string>;
  /** Accounts that use the same templates, both often enough that they can be in step round the clock. */
  activeAlike(id: string): Set<string>;
}

export function createCandidates({ index, weights, settings }: EvidenceDeps): Candidates {
  const { compared, lockstep } = settings;
  const users = new Map<string, { id: string; bins: number }[]>();
  /** Of a template, those compared, and in how many bins each used it. */
  const usersOf = (template: string): { id: string; bins: number }[] => {
    const known = users.get(template);
    if (known !== undefined) return known;
    const found = index
      .members('template', template, compared)
      .map((id) => ({ id, bins: index.known(id)?.bins.get(template)?.length ?? 0 }));
    users.set(template, found);
    return found;
  };
  const registered = (id: string): Set<number> => {
    const owner = index.known(id);
    const found = new Set<number>();
    for (const kind of DECISIVE) {
      for (const value of owner?.sightings.get(kind)?.keys() ?? []) {
        if (weights.of(kind, value).weight === 0) continue;
        for (const other of index.memberNumbers(kind, value, compared)) found.add(other);
      }
    }
    if (owner !== undefined) found.delete(owner.number);
    return found;
  };
  const idsOf = (numbers: Iterable<number>): Set<string> => new Set([...numbers].map(index.idOf));

  return {
    registeredAlike: (id) => idsOf(registered(id)),
    alikeIn(id, attributes) {
      const possible = registered(id);
      const found = new Set<number>();
      for (const { kind, value } of possible.size === 0 ? [] : attributes)
        for (const other of index.memberNumbers(kind, value)) if (possible.has(other)) found.add(other);
      return idsOf(found);
    },
    activeAlike(id) {
      const own = index.known(id)?.bins ?? NO_BINS;
      let all = 0;
      for (const bins of own.values()) all += bins.length;
      if (all < lockstep.roundTheClock.bins) return new Set();
      const possible = new Map<string, number>();
      for (const [template, { length }] of own) {
        for (const { id: other, bins } of usersOf(template)) {
          if (other !== id && bins > 0) possible.set(other, (possible.get(other) ?? 0) + Math.min(bins, length));
        }
      }
      const found = new Set<string>();
      for (const [other, most] of possible) if (most >= lockstep.roundTheClock.bins) found.add(other);
      return found;
    },
  };
}

const NO_BINS: ReadonlyMap<string, readonly number[]> = new Map();
