import type { RingSettings } from './settings.ts';
import { shareOfWork, type WorkBundle } from './work-bundle.ts';
import { median } from './work-statistics.ts';

/** Accounts behind one kind of work, whatever the rates at which they do it. */
export interface WorkRing {
  name: string;
  units: readonly string[];
  /** Linked by who they are with others that do the work. */
  acquainted: readonly string[];
  /** Linked with nobody, but they do hardly anything else. */
  company: readonly string[];
}

export interface RingDeps {
  /** Groups among these accounts that are linked by who they are; none where these cannot be `least` accounts. */
  acquainted(ids: ReadonlySet<string>, least: number): readonly (readonly string[])[];
  /** Five-minute bins since `from` in which an account called at all. */
  binsOf(id: string, from: number): number;
  settings: RingSettings;
}

/**
 * Whether those who do a bundle of work are one ring. Users of an application sign up on cards, devices and addresses of their own: a household or a small
 * team among them is a few of many. Where most of a crowd hides that it is acquainted, its groups are fragments of one, and the rest of the crowd keeps its
 * company. Whoever does the work only now and then is none of them, however they are acquainted: a pool that resells meets any template once. No evenness is asked for, so a pool that deals by weights, or newcomers first, is seen as well. null: it is none.
 */
export function judgeRing(
  bundle: WorkBundle,
  since: number,
  { acquainted, binsOf, settings }: RingDeps,
): WorkRing | null {
  if (bundle.calls.size < settings.leastAccounts) return null;
  const least = Math.max(settings.leastAccounts, settings.leastShare * bundle.calls.size);
  const groups = acquainted(new Set(bundle.calls.keys()), least).flat();
  if (groups.length < least) return null;
  const habits = habitsOf(bundle, since);
  const known = new Set(
    groups.filter((id) => workShare(habits.get(id) ?? NOTHING, binsOf(id, since)) >= settings.leastOfWork),
  );
  if (known.size < least) return null;
  const ofKnown = [...known].map((id) => habits.get(id) ?? NOTHING);
  const usual = median(ofKnown.map(({ units }) => units));
  const most = Math.max(...ofKnown.map(({ calls }) => calls));
  // A pool that resells beside has much else to do, and so have all of its accounts.
  const usualShare = median([...known].map((id) => workShare(habits.get(id) ?? NOTHING, binsOf(id, since))));
  const company = [...habits].filter(([id, { units, calls, bins }]) => {
    if (known.has(id) || calls < settings.leastCalls || calls > settings.busiest * most) return false;
    const wide = Math.max(2, Math.min(settings.leastBreadth * usual, calls / settings.callsAUnit));
    return units >= wide && workShare({ bins }, binsOf(id, since)) >= settings.leastOfBins * usualShare;
  });
  const acquaintedIds = [...known].sort();
  const companyIds = company.map(([id]) => id).sort();
  // What most others do as well, users of one application among them, is no ring's.
  if (shareOfWork(bundle, [...acquaintedIds, ...companyIds]) < settings.leastOwn) return null;
  return { name: bundle.name, units: bundle.units, acquainted: acquaintedIds, company: companyIds };
}

/** Share of the five-minute bins in which an account calls at all in which it does this work. */
function workShare({ bins }: Pick<Habits, 'bins'>, all: number): number {
  return all === 0 ? 0 : bins.size / all;
}

interface Habits {
  /** Units of the bundle. */
  units: number;
  /** Calls with them or with what ties the crowd to others. */
  calls: number;
  /** Recent bins of these calls. */
  bins: Set<number>;
}

const NOTHING: Readonly<Habits> = { units: 0, calls: 0, bins: new Set() };

/** What the bundle's crowd does, those included who have done too little to be of its core. */
function habitsOf({ own, ties }: WorkBundle, since: number): Map<string, Habits> {
  const habits = new Map<string, Habits>();
  const add = (known: Habits, bins: readonly number[]): void => {
    known.calls += bins.length;
    for (const bin of bins) if (bin >= since) known.bins.add(bin);
  };
  for (const unit of own) {
    for (const [id, bins] of unit.calls) {
      const known = habits.get(id) ?? { units: 0, calls: 0, bins: new Set() };
      habits.set(id, known);
      known.units++;
      add(known, bins);
    }
  }
  for (const unit of ties) {
    for (const [id, bins] of unit.calls) {
      const known = habits.get(id);
      // Whoever does only what others do as well has nothing to do with the crowd.
      if (known !== undefined) add(known, bins);
    }
  }
  return habits;
}
