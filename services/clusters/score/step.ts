import { mergeAccumulators } from '../../records/accumulator.ts';
import type { AlertEvent } from '../../records/alert.ts';
import { computeFeatures } from '../../records/features.ts';
import type { BaselinePartial, ClusterWindow, SubjectPartial } from '../../records/subject-window.ts';
import { WINDOW_SIZES } from '../../records/window.ts';
import { coveringEntry } from '../../rules/allow.ts';
import { resolveRules } from '../../rules/resolve.ts';
import { createRulesTimeline, type RulesVersion } from '../../rules/version.ts';
import type { Emit, StepFactory } from '../../stream/step.ts';
import { createBaseline } from '../baseline/baseline.ts';
import { cohortName, cohortOf } from '../baseline/cohort.ts';
import { accountCount, mergeMembers } from '../members.ts';
import { addEvidence } from '../premerge/evidence.ts';
import type { SubjectView } from '../signatures/signature.ts';
import { nextAlert } from './alerting.ts';
import { addHour, allowSubjectOf, createSubject, rolling, type SubjectState } from './subject-state.ts';
import { isEnough, judge } from './verdict.ts';

export interface ScoreInputs {
  subject_partials: SubjectPartial | BaselinePartial;
  rules: RulesVersion;
}

export interface ScoreDeps {
  /** Added to a window's end: when the live system publishes. Milliseconds. */
  grace: number;
}

export interface ScoreOutputs {
  cluster_windows: ClusterWindow;
  alerts: AlertEvent;
}

interface Waiting {
  subjects: SubjectPartial[];
  baselines: BaselinePartial[];
}

/** Subjects whose last call is older than this, and that have no open alert, are forgotten. */
const FORGET_AFTER = 7 * 24 * 3_600_000;

/** Partial windows of subjects in; whole, scored windows and alerts out. Every hour a subject is judged on its last hours, with the baseline final before. */
export function createScoreStep({ grace }: ScoreDeps): StepFactory<ScoreInputs, ScoreOutputs> {
  return ({ partition, tables, count }) => {
    const waiting = tables.table<Waiting>('waiting');
    const subjects = tables.table<SubjectState>('subjects');
    const baseline = createBaseline(tables);
    const timeline = createRulesTimeline(tables.table<RulesVersion>('rules'));

    const judgeHour = (partial: SubjectPartial, emit: Emit<ScoreOutputs>): void => {
      const { subject_id, window_end: end } = partial;
      const rules = timeline.at(end);
      const state = subjects.get(subject_id) ?? createSubject(partial);
      addHour(state, partial);
      const { accumulator, members } = rolling(state);
      const features = computeFeatures({ accumulator, size: 'hour', members });
      // How regular arrivals are is said by the last hour alone.
      for (const [name, value] of computeFeatures({ accumulator: partial.accumulator, size: 'hour', members: null })) {
        if (name === 'arrival_dispersion' || name === 'active_share') features.set(name, value);
      }
      const cohort = cohortOf(state.profile?.plan ?? members.plans[0]?.value ?? null, accumulator);
      let note = '';
      const view: SubjectView = {
        subjectType: state.subjectType,
        features,
        prompts: accumulator.fingerprinted,
        calls: accumulator.calls,
        accounts: accountCount(members),
        place(feature, value) {
          const placed = baseline.place('hour', cohort, feature, value);
          if (placed.note !== '') note = placed.note;
          return placed;
        },
      };
      const resolved = resolveRules(rules, (feature, percentile) =>
        baseline.quantile('hour', cohort, feature, percentile),
      );
      const judgement = judge(view, resolved, partial.accumulator.calls);
      const exception = coveringEntry(rules, allowSubjectOf(state, members, accumulator), end);
      if (exception !== null && judgement.verdict !== null) count('allowed', exception.kind);
      const counts = isEnough(view, rules) && exception === null;
      emit(
        'cluster_windows',
        {
          ...windowOf(partial),
          cohort: cohortName(cohort),
          signatures: [...judgement.signatures, ...judgement.shadow].map(({ name, score }) => ({ name, score })),
          verdict: judgement.verdict ?? 'none',
          confidence: judgement.confidence,
          rules_hash: rules.hash,
        },
        partition,
      );
      const event = nextAlert(state, counts ? judgement : { ...judgement, verdict: null, severity: null }, end, note, {
        rules,
        grace,
      });
      if (event !== null) emit('alerts', event, partition);
      subjects.set(subject_id, state);
    };

    const plainWindow = (partial: SubjectPartial, emit: Emit<ScoreOutputs>): void => {
      const cohort = cohortName(
        cohortOf(partial.profile?.plan ?? partial.members.plans[0]?.value ?? null, partial.accumulator),
      );
      emit(
        'cluster_windows',
        {
          ...windowOf(partial),
          cohort,
          signatures: [],
          verdict: 'none',
          confidence: 0,
          rules_hash: timeline.at(partial.window_end).hash,
        },
        partition,
      );
    };

    /** Subjects that had no window this hour: their alerts may have been quiet for long enough, or they may be forgotten. */
    const visitQuiet = (end: number, active: ReadonlySet<string>, emit: Emit<ScoreOutputs>): void => {
      for (const [id, state] of [...subjects.entries()].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (active.has(id)) continue;
        if (state.alert?.status === 'open') {
          const event = nextAlert(
            state,
            { verdict: null, severity: null, confidence: 0, signatures: [], shadow: [] },
            end,
            '',
            { rules: timeline.at(end), grace },
          );
          if (event === null) continue;
          emit('alerts', event, partition);
          subjects.set(id, state);
        } else if (end - state.lastSeen > FORGET_AFTER) subjects.delete(id);
      }
    };

    const close = (end: number, emit: Emit<ScoreOutputs>): void => {
      const { subjects: partials, baselines } = waiting.get(String(end)) ?? { subjects: [], baselines: [] };
      waiting.delete(String(end));
      baseline.expire(end);
      for (const size of WINDOW_SIZES) {
        const merged = mergePartials(partials.filter(({ window_size }) => window_size === size));
        for (const partial of merged) size === 'hour' ? judgeHour(partial, emit) : plainWindow(partial, emit);
        // A clock without traffic of its own: hours are visited when some partition had an account window in them.
        if (size === 'hour' && (merged.length > 0 || baselines.some(({ window_size }) => window_size === 'hour')))
          visitQuiet(end, new Set(merged.map(({ subject_id }) => subject_id)), emit);
      }
      // After the scoring: a window is judged by what was known before it.
      for (const partial of baselines) baseline.add(partial);
    };

    return {
      onRecord(_, record) {
        if ('rules' in record) {
          timeline.add(record);
          return;
        }
        const key = String(record.window_end);
        const entry = waiting.get(key) ?? { subjects: [], baselines: [] };
        if ('cohorts' in record) entry.baselines.push(record);
        else entry.subjects.push(record);
        waiting.set(key, entry);
      },
      onWatermark(watermark, emit) {
        const ends = [...waiting.entries()].map(([end]) => Number(end)).filter((end) => end <= watermark);
        for (const end of ends.sort((a, b) => a - b)) close(end, emit);
      },
    };
  };
}

function windowOf({ subject_type, subject_id, window_size, window_end, accumulator, members }: SubjectPartial) {
  return { subject_type, subject_id, window_size, window_end, accumulator, members };
}

/** One window a subject, in the order of their ids. */
function mergePartials(partials: readonly SubjectPartial[]): SubjectPartial[] {
  const merged = new Map<string, SubjectPartial>();
  for (const partial of partials) {
    const known = merged.get(partial.subject_id);
    if (known === undefined) {
      merged.set(partial.subject_id, partial);
      continue;
    }
    mergeAccumulators(known.accumulator, partial.accumulator);
    mergeMembers(known.members, partial.members);
    addEvidence(known.evidence, partial.evidence);
  }
  return [...merged.values()].sort((a, b) => (a.subject_id < b.subject_id ? -1 : 1));
}
