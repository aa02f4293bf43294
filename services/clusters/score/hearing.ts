import { clusterOfSubject, PRODUCT_LEVELS, type ProductLevel } from '../../records/subject-window.ts';
import { HOUR } from '../../records/window.ts';
import type { Rules } from '../../rules/schema.ts';
import { harvestLevel } from '../harvest-limits.ts';
import type { Defendant } from './defendant.ts';
import { type History, LONG_SPAN, SHORT_SPAN, type Sum } from './history.ts';
import { type Judged, type JudgingDeps, judgeCase } from './judging.ts';
import type { SubjectState } from './subject-state.ts';

/** Judges a defendant by the rules of the time, on what the history says of him. */
export interface Hearing {
  /** `pool`: the cluster of a sub-population, as it was judged; null for a whole. `from`: end of the first window summed. */
  on(defendant: Defendant, pool: Judged | null, sum: Sum, from: number, end: number): Judged;
  /**
   * On the last hours, or on the last day where they hold too few calls to say anything: the shortest span that does. Repetition grows with the number of
   * calls that are looked at, whoever makes them: a span longer than needed would make every busy pool look like a queue that is worked off.
   */
  onRecentHours(defendant: Defendant, pool: Judged | null, end: number): Judged;
  /** From which level on accounts of a cluster harvest, by what everybody asks for. */
  level(whole: Pick<SubjectState, 'separate'>): ProductLevel;
}

export interface HearingDeps extends Omit<JudgingDeps, 'rules'> {
  history: History;
  rulesAt(time: number): Rules;
}

export function createHearing({ history, rulesAt, ...deps }: HearingDeps): Hearing {
  const on: Hearing['on'] = ({ state, activities, window }, pool, sum, from, end) => {
    const { subjectType, subjectId, profile, evidence } = state;
    const hoursActive = history.hoursActive(clusterOfSubject(subjectId), activities, end);
    return judgeCase(
      { subjectType, subjectId, profile, sum, latest: window, evidence, hoursActive, pool, from, end },
      { ...deps, rules: rulesAt(end) },
    );
  };
  return {
    on,
    onRecentHours(defendant, pool, end) {
      const of = clusterOfSubject(defendant.state.subjectId);
      const short = history.sum(of, defendant.activities, end, SHORT_SPAN);
      const span = short.accumulator.calls >= rulesAt(end).alerts.least_calls ? SHORT_SPAN : LONG_SPAN;
      const sum = span === SHORT_SPAN ? short : history.sum(of, defendant.activities, end, LONG_SPAN);
      return on(defendant, pool, sum, end - (span - 1) * HOUR, end);
    },
    level({ separate }) {
      const before = PRODUCT_LEVELS.find((level) => separate.includes(level)) ?? null;
      return harvestLevel(deps.baseline.mean('hour', [], 'product_share'), before);
    },
  };
}
