import { DAY } from '../records/window.ts';
import type { StateTable } from '../stream/state-table.ts';
import type { Rules } from './schema.ts';

/** Rules that come into force at a moment of event time. Topic `stillwatch.rules`, the same in every partition. */
export interface RulesVersion {
  /** Windows that end at or after it are judged by these rules, until a later version takes over. Milliseconds; 0: from the beginning. */
  effective_at: number;
  /** Wall clock. Of two versions for one moment the one published last holds, in whatever order they are read. */
  published_at: number;
  /** Published by a service from its rule file, or by a person. */
  origin: 'file' | 'operator';
  rules: Rules;
}

export function initialVersion(rules: Rules): RulesVersion {
  return { effective_at: 0, published_at: 0, origin: 'file', rules };
}

/** Ascending in what holds: by when they come into force, then by when they were published, then by name, so that nothing is left to chance. */
export function compareVersions(a: RulesVersion, b: RulesVersion): number {
  return (
    a.effective_at - b.effective_at ||
    a.published_at - b.published_at ||
    (a.rules.hash < b.rules.hash ? -1 : a.rules.hash > b.rules.hash ? 1 : 0)
  );
}

/** Of those that were published, the one by which a window that ends then is judged; null when none holds yet. */
export function versionAt(versions: Iterable<RulesVersion>, time: number): RulesVersion | null {
  let latest: RulesVersion | null = null;
  for (const version of versions)
    if (version.effective_at <= time && (latest === null || compareVersions(version, latest) > 0)) latest = version;
  return latest;
}

export interface RulesTimeline {
  add(version: RulesVersion): void;
  /** The rules in force for a window that ends at `time`. Times ascend, or go back by less than a day: versions that were over by then are forgotten. */
  at(time: number): Rules;
}

/**
 * Which rules hold when, by event time: part of a step's state, so that a restart, whatever file it finds, goes on with the rules it had, and a replay
 * that is given the same versions changes rules at the same window.
 */
export function createRulesTimeline(table: StateTable<RulesVersion>): RulesTimeline {
  const inForce = (time: number): RulesVersion | null =>
    versionAt(
      [...table.entries()].map(([, version]) => version),
      time,
    );
  return {
    add: (version) => table.set(keyOf(version), version),
    at(time) {
      const current = inForce(time);
      if (current === null)
        throw new Error(
          `no rules are in force at ${new Date(time).toISOString()}: publish some with \`stillwatch rules apply\``,
        );
      const dayBefore = table.size > 1 ? inForce(time - DAY) : null;
      if (dayBefore !== null)
        for (const [key, version] of [...table.entries()])
          if (compareVersions(version, dayBefore) < 0) table.delete(key);
      return current.rules;
    },
  };
}

function keyOf({ effective_at, published_at, rules }: RulesVersion): string {
  return `${effective_at} ${published_at} ${rules.hash}`;
}
