import type { AlertEvent } from '../../records/alert.ts';
import { estimate } from '../../records/distinct-sketch.ts';
import { widestOfEachKind } from '../../records/features/shared-attributes.ts';
import type { BaselinePartial, ClusterWindow, SubjectPartial } from '../../records/subject-window.ts';
import { WINDOW_SIZES, type WindowSize } from '../../records/window.ts';
import { createRulesTimeline, type RulesVersion } from '../../rules/version.ts';
import type { Emit, StepFactory } from '../../stream/step.ts';
import { createAdoption } from '../baseline/adoption.ts';
import { createBaseline } from '../baseline/baseline.ts';
import { cohortName, cohortOf } from '../baseline/cohort.ts';
import { callsPerWindow, commonPlan } from '../members.ts';
import { createTimeline } from '../timeline.ts';
import type { AlertingDeps } from './alerting.ts';
import { createLoudMinutes } from './loud-minutes.ts';
import { bySubject, mergePart } from './parts.ts';
import type { Scored } from './trial.ts';
import { createTribunal, type TribunalDeps } from './tribunal.ts';

export interface ScoreInputs {
  subject_partials: SubjectPartial | BaselinePartial;
  rules: RulesVersion;
}

/** The rules and the votes come as records. */
export type ScoreDeps = Omit<AlertingDeps, 'rules' | 'baseline'>;

export interface ScoreOutputs {
  cluster_windows: ClusterWindow;
  alerts: AlertEvent;
}

/**
 * Partial windows of subjects in; whole, scored windows and alerts out. Everything waits until the watermark reaches its end, and is then taken in time order:
 * what was merged away, the windows that end then, what is due though nothing came, and last the votes: a window is judged by what was known before it.
 */
export function createScoreStep(deps: ScoreDeps): StepFactory<ScoreInputs, ScoreOutputs> {
  return ({ partition, tables, count }) => {
    const partials = createTimeline(tables.table<SubjectPartial>('partials'));
    const merged = createTimeline(tables.table<SubjectPartial>('merged'));
    const votes = createTimeline(tables.table<BaselinePartial>('votes'));
    const baseline = createBaseline(tables);
    const adoption = createAdoption(tables, (by) => count('evicted', 'model', by));
    const versions = createRulesTimeline(tables.table<RulesVersion>('rules'));
    const rulesAt: TribunalDeps['rulesAt'] = (time) => versions.at(time);
    const loudMinutes = createLoudMinutes(tables);
    const tribunal = createTribunal(tables, {
      ...deps,
      rulesAt,
      baseline,
      adoption,
      allowed: (kind) => count('allowed', kind),
    });

    const publish = (windows: readonly Scored[], events: readonly AlertEvent[], emit: Emit<ScoreOutputs>): void => {
      for (const scored of windows)
        emit('cluster_windows', clusterWindow(scored, rulesAt(scored.window.window_end).hash), partition);
      for (const event of events) emit('alerts', event, partition);
    };

    const closeSize = (size: WindowSize, end: number, closed: readonly SubjectPartial[], emit: Emit<ScoreOutputs>) => {
      for (const subject of bySubject(closed)) {
        if (size === 'hour') {
          loudMinutes.forget(subject.whole.subject_id);
          const { windows, alerts } = tribunal.hour(subject, end);
          publish(windows, alerts, emit);
          continue;
        }
        publish(tribunal.unjudged(subject), [], emit);
        if (size !== 'minute') continue;
        const { least_calls } = rulesAt(end).alerts;
        loudMinutes.add(subject, least_calls);
        const openHour = loudMinutes.judgedAt(subject.whole.subject_id, end, least_calls);
        if (openHour !== null) publish([], tribunal.loud(openHour, end), emit);
      }
    };

    const close = (time: number, emit: Emit<ScoreOutputs>): void => {
      for (const [clusterId, into] of successors(merged.take(time)))
        publish([], tribunal.merged(clusterId, into, time), emit);
      baseline.expire(time);
      const closed = partials.take(time);
      for (const size of WINDOW_SIZES) {
        const ofSize = closed.filter(({ window_size }) => window_size === size);
        closeSize(size, time, ofSize, emit);
      }
      publish([], tribunal.visit(time), emit);
      for (const vote of votes.take(time)) {
        baseline.add(vote);
        adoption.add(vote);
      }
    };

    return {
      onRecord(_, record) {
        if ('rules' in record) {
          versions.add(record);
          return;
        }
        const { window_size, window_end: end } = record;
        if ('cohorts' in record) {
          votes.set(end, `${window_size} ${record.source}`, record);
          return;
        }
        const isMerge = record.merged_into !== null;
        const timeline = isMerge ? merged : partials;
        const name = `${window_size} ${record.subject_id} ${isMerge ? record.merged_into : record.activity}`;
        const known = timeline.get(end, name);
        if (known !== undefined) mergePart(known, record);
        timeline.set(end, name, known ?? record);
      },
      onWatermark(watermark, emit) {
        for (;;) {
          const time = Math.min(partials.next(), merged.next(), votes.next(), tribunal.nextDue());
          if (time > watermark) return;
          close(time, emit);
        }
      },
    };
  };
}

/** Where the most accounts of each cluster that is no more went. */
function successors(records: readonly SubjectPartial[]): Map<string, string> {
  const most = new Map<string, { into: string; accounts: number }>();
  for (const { subject_id, merged_into, members } of records) {
    const accounts = estimate(members.accounts);
    const known = most.get(subject_id);
    if (merged_into === null || (known !== undefined && known.accounts >= accounts)) continue;
    most.set(subject_id, { into: merged_into, accounts });
  }
  return new Map([...most].map(([clusterId, { into }]) => [clusterId, into]));
}

function clusterWindow({ window, judged }: Scored, rules_hash: string): ClusterWindow {
  const { subject_type, subject_id, window_size, window_end, accumulator, members, evidence, profile } = window;
  const plan = profile?.plan ?? commonPlan(members);
  const signatures = judged === null ? [] : [...judged.judgement.signatures, ...judged.judgement.shadow];
  return {
    subject_type,
    subject_id,
    window_size,
    window_end,
    accumulator,
    members,
    evidence: widestOfEachKind(evidence),
    cohort: judged?.cohort ?? cohortName(cohortOf(plan, accumulator, callsPerWindow(accumulator.calls, members))),
    signatures: signatures.map(({ name, score }) => ({ name, score })),
    verdict: judged?.judgement.verdict ?? 'none',
    confidence: judged?.judgement.confidence ?? 0,
    rules_hash,
    context: [...(judged?.context ?? [])].map(([name, value]) => ({ name, value })),
  };
}
