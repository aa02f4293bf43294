import type { Enrich } from '../../../services/calls/enrich.ts';
import { createProfileTable } from '../../../services/calls/profile-table.ts';
import { createCallsStep } from '../../../services/calls/step.ts';
import { premergeStep } from '../../../services/clusters/premerge/step.ts';
import { createScoreStep } from '../../../services/clusters/score/step.ts';
import type { Hasher } from '../../../services/fingerprint/hasher.ts';
import type { AccountWindow } from '../../../services/records/account-window.ts';
import type { ApiCall } from '../../../services/records/api-call.ts';
import type { Assignment } from '../../../services/records/assignment.ts';
import type { BaselinePartial, ClusterWindow, SubjectPartial } from '../../../services/records/subject-window.ts';
import type { Rules } from '../../../services/rules/schema.ts';
import { initialVersion } from '../../../services/rules/version.ts';
import type { Scenario } from '../../../services/simulate/scenario.ts';
import { simulate } from '../../../services/simulate/simulate.ts';
import { lastClose } from '../../../services/stream/idle.ts';
import { createStepDriver } from '../../../services/stream/step-driver.ts';
import { createTrackedTables } from '../../../services/stream/tracked-tables.ts';
import { NO_WATERMARK } from '../../../services/stream/watermarks.ts';
import { enrichWith } from '../../support/shipped.ts';

/** What a cluster really is: the label of its windows. */
export interface Truth {
  actor: string;
  kind: 'benign' | 'hard_negative' | 'campaign';
  name: string;
}

export interface TruthLinkedOptions {
  scenario: Scenario;
  seed: number;
  rules: Rules;
  hasher: Hasher;
  /** Ordinary customers that are linked by mistake, so many to a cluster: the negative that a wrong link makes. */
  chanceClusterSize: number;
  /** Share of the templates whose markers are recognised: unseen wordings and languages are missed by the template, not by the call. */
  markerRecall: number;
  window(window: ClusterWindow, truth: Truth): void;
}

const GRACE = 60_000;
const LEAST_CLUSTER = 5;
/** A sub-population is named after its cluster: what the cluster is, its parts are. */
const SUB_POPULATION = '~';

/**
 * The line of the live system with the links step replaced by the truth: every campaign is one cluster, and so is every hard negative, which real linking mostly
 * leaves apart. The verdict is so fitted on the worst that linking can hand it, and does not change with every change of the linking.
 */
export function scoreTruthLinked(options: TruthLinkedOptions): void {
  const { scenario, seed, rules, hasher } = options;
  const { accounts, calls, truth } = simulate(scenario, seed);
  const profiles = createProfileTable();
  for (const account of accounts) profiles.apply(account);
  const { clusterOf, truths } = linkByTruth(truth, options.chanceClusterSize);

  const context = () => ({ partition: 0, partitions: 1, tables: createTrackedTables(), count: () => {} });
  const between = { topic: 'truth-linked', partition: 0, offset: '0' };
  const stream = <Name extends string>(name: Name) => ({
    name,
    topic: name,
    partition: 0,
    time: { kind: 'marks' as const },
  });
  const score = createStepDriver({
    factory: createScoreStep({ grace: GRACE, database: 'stillwatch', runbooks: '' }),
    context: context(),
    inputs: [
      stream('subject_partials'),
      { name: 'rules' as const, topic: 'rules', partition: 0, time: { kind: 'table' as const } },
    ],
    emit(name, record) {
      if (name !== 'cluster_windows') return;
      const window = record as ClusterWindow; // by the output's name
      const label = truths.get(window.subject_id.split(SUB_POPULATION, 1)[0] ?? '');
      if (label !== undefined) options.window(window, label);
    },
  });
  score.record(1, initialVersion(rules), between);
  const premerge = createStepDriver({
    factory: premergeStep,
    context: context(),
    inputs: [stream('account_windows'), stream('assignments')],
    emit(name, record) {
      // By the output's name.
      if (name === 'subject_partials') score.record(0, record as SubjectPartial | BaselinePartial, between);
    },
  });
  for (const assignment of clusterOf) premerge.record(1, assignment, between);
  const fold = createStepDriver({
    factory: createCallsStep({
      profileAt: profiles.profileAt,
      enrich: forgettingMarkers(enrichWith(hasher), options.markerRecall),
    }),
    context: context(),
    inputs: [
      {
        name: 'calls' as const,
        topic: 'calls',
        partition: 0,
        time: { kind: 'events' as const, grace: GRACE, eventTime: (call: ApiCall) => call.occurred_at },
      },
    ],
    emit(name, record) {
      if (name === 'account_windows') premerge.record(0, record as AccountWindow, between); // by the output's name
    },
  });

  let passedOn = NO_WATERMARK;
  const passOn = (): void => {
    const time = fold.watermark();
    if (time === passedOn) return;
    passedOn = time;
    for (const input of [1, 0]) premerge.mark(input, { source: 0, of: 1, time });
    score.mark(0, { source: 0, of: 1, time });
  };
  for (const call of calls) {
    fold.record(0, call, between);
    passOn();
  }
  fold.advance(lastClose(fold.latestEvent()));
  passOn();
}

/** Spreads the hashes of templates evenly (Knuth's multiplicative hashing), apart from the order by which templates are sampled. */
const GOLDEN = 2_654_435_769;

function forgettingMarkers(enrich: Enrich, recall: number): Enrich {
  return (call) => {
    const enriched = enrich(call);
    const { prompt } = enriched.counted;
    if (prompt !== null && (Math.imul(prompt.template_hash, GOLDEN) >>> 0) / 2 ** 32 >= recall) prompt.markers = 0;
    return enriched;
  };
}

function linkByTruth(
  rows: readonly { account_id: string; actor: string; kind: Truth['kind']; name: string }[],
  chanceClusterSize: number,
): { clusterOf: Assignment[]; truths: Map<string, Truth> } {
  const members = new Map<string, string[]>();
  const truths = new Map<string, Truth>();
  let customers = 0;
  for (const { account_id, actor, kind, name } of rows) {
    // One customer in two is linked by mistake; the others are the population that the baseline is made of.
    if (kind === 'benign' && customers++ % 2 === 0) continue;
    const chance = `chance-${Math.floor(customers / 2 / chanceClusterSize)}`;
    const cluster = kind === 'benign' ? chance : actor;
    members.set(cluster, [...(members.get(cluster) ?? []), account_id]);
    truths.set(cluster, { actor: cluster, kind, name });
  }
  const clusterOf = [...members]
    .filter(([, accounts]) => accounts.length >= LEAST_CLUSTER)
    .flatMap(([cluster, accounts]) =>
      accounts.map(
        (account_id): Assignment => ({
          account_id,
          cluster_id: cluster,
          version: 1,
          effective_at: 0,
          reason: 'joined',
          previous_cluster_id: null,
          cluster_size: accounts.length,
          evidence: [],
        }),
      ),
    );
  return { clusterOf, truths };
}
