import { premergeBinding, scoreBinding } from '../../services/clusters/bindings.ts';
import { fnv } from '../../services/clusters/partition.ts';
import { type PremergeOutputs, premergeStep } from '../../services/clusters/premerge/step.ts';
import { createScoreStep } from '../../services/clusters/score/step.ts';
import type { AccountWindow } from '../../services/records/account-window.ts';
import type { AlertEvent } from '../../services/records/alert.ts';
import type { Assignment } from '../../services/records/assignment.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import type { Membership } from '../../services/records/membership.ts';
import type { ClusterWindow } from '../../services/records/subject-window.ts';
import { HOUR } from '../../services/records/window.ts';
import type { Rules } from '../../services/rules/schema.ts';
import { initialVersion } from '../../services/rules/version.ts';
import { VOCABULARY } from '../../services/rules/vocabulary.ts';
import type { SeededRandom } from '../support/random.ts';
import { T } from '../support/records.ts';
import { createHarness } from '../support/step-harness.ts';
import { overTheWire } from '../support/wire.ts';
import { shuffled } from './windows.ts';

export interface LineOutput {
  windows: ClusterWindow[];
  alerts: AlertEvent[];
  memberships: Membership[];
}

export interface LineOptions {
  rules: Rules;
  partitions: number;
  hours: number;
  /** In any order within an hour when given. */
  random?: SeededRandom;
  /** Steps are saved and restored after every hour. */
  restarts?: boolean;
  /** Their folder, in place of that of the rules. */
  runbooks?: string;
  /** That the alerts' queries name. */
  database?: string;
}

const SCORE = { grace: 0, database: 'stillwatch', runbooks: '' };
const CODECS = createCodecs(null);
const PREMERGE_OUT = premergeBinding(CODECS).outputs.subject_partials;
const SCORE_IN = scoreBinding(CODECS, SCORE, VOCABULARY).inputs.subject_partials;

/** Both steps of clusters in as many partitions as wanted, hour by hour. */
export function runLine(
  windows: readonly AccountWindow[],
  assignments: readonly Assignment[],
  { rules, partitions, hours, random, restarts = false, runbooks = '', database = SCORE.database }: LineOptions,
): LineOutput {
  const score = Array.from({ length: partitions }, (_, partition) =>
    createHarness(
      (context) => createScoreStep({ ...SCORE, runbooks, database })({ ...context, partition }),
      partitions,
    ),
  );
  for (const step of score) step.record('rules', initialVersion(rules));
  const premerge = Array.from({ length: partitions }, (_, partition) =>
    createHarness((context) => premergeStep({ ...context, partition }), partitions),
  );
  const at = (accountId: string) => premerge[fnv(accountId) % partitions];
  const sent = premerge.map(() => 0);
  const inOrder = <Value>(values: readonly Value[]): readonly Value[] =>
    random === undefined ? values : shuffled(values, random);

  for (const assignment of inOrder(assignments)) at(assignment.account_id)?.record('assignments', assignment);
  for (let hour = 1; hour <= hours; hour++) {
    const end = T + hour * HOUR;
    const closing = windows.filter(({ window_end }) => window_end > end - HOUR && window_end <= end);
    // A copy for each run: an accumulator belongs to who receives it.
    for (const window of inOrder(closing)) at(window.account_id)?.record('account_windows', structuredClone(window));
    const partials: { record: PremergeOutputs['subject_partials']; partition: number }[] = [];
    for (const [i, step] of premerge.entries()) {
      step.watermark(end);
      for (const { output, record, partition } of step.emitted.slice(sent[i])) {
        if (output !== 'subject_partials') continue;
        // The output's name says which records these are.
        const partial = record as PremergeOutputs['subject_partials'];
        partials.push({ record: overTheWire(PREMERGE_OUT, SCORE_IN, partial), partition });
      }
      sent[i] = step.emitted.length;
      if (restarts) step.restart();
    }
    for (const { record, partition } of inOrder(partials)) score[partition]?.record('subject_partials', record);
    for (const step of score) {
      step.watermark(end);
      if (restarts) step.restart();
    }
  }
  return {
    windows: score.flatMap((step) => step.of('cluster_windows')),
    alerts: score.flatMap((step) => step.of('alerts')),
    memberships: premerge.flatMap((step) => step.of('memberships')),
  };
}
