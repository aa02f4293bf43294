import type { AlertEvent, Severity } from '../../services/records/alert.ts';
import type { Assignment } from '../../services/records/assignment.ts';
import type { ClusterWindow } from '../../services/records/subject-window.ts';
import type { FlaggedAccount } from '../../services/replay/flagged-accounts.ts';
import type { TruthRow } from '../../services/simulate/world.ts';
import { quantile } from '../support/quantile.ts';
import { bCubed } from './b-cubed.ts';
import type { AccountScores, Innocents, Measurement, ReliabilityBin } from './measurement.ts';

const MINUTE = 60_000;
const BINS = 10;
const RANK: Readonly<Record<Severity, number>> = { info: 0, ticket: 1, page: 2 };

/** What is measured of the output, as opposed to of the process. */
export type Judged = Pick<
  Measurement,
  | 'calls'
  | 'accounts'
  | 'campaignAccounts'
  | 'page'
  | 'any'
  | 'bCubed'
  | 'leaked'
  | 'firstPageMinutes'
  | 'accountMinutes'
  | 'innocents'
  | 'reliability'
>;

/** Holds the labels; watches the traffic and what the detector says of it; knows at the end how good that was. */
export interface Judge {
  call(accountId: string, time: number): void;
  assignment(assignment: Assignment): void;
  clusterWindow(window: ClusterWindow): void;
  alert(event: AlertEvent): void;
  flagged(line: FlaggedAccount): void;
  verdict(wholeCampaign: number | null): Judged;
  save(): JudgeState;
}

/** What it has seen so far. Plain data. */
export interface JudgeState {
  calls: number;
  firstCall: Map<string, number>;
  campaignMinutes: Map<number, number>;
  innocents: Map<string, Innocents>;
  clusterOf: Map<string, string>;
  severities: Map<string, Severity>;
  flaggedAt: Record<'page' | 'any', Map<string, number>>;
  reliability: ReliabilityBin[];
}

function nothingSeen(): JudgeState {
  const empty = (): ReliabilityBin => ({ windows: 0, confidence: 0, true: 0, squared: 0 });
  return {
    calls: 0,
    firstCall: new Map(),
    campaignMinutes: new Map(),
    innocents: new Map(),
    clusterOf: new Map(),
    severities: new Map(),
    flaggedAt: { page: new Map(), any: new Map() },
    reliability: Array.from({ length: BINS }, empty),
  };
}

/** `until`: the end of the traffic. What is linked later (the last windows close after it) is not held against the clustering. */
export function createJudge(truth: readonly TruthRow[], until: number, state = nothingSeen()): Judge {
  const rows = new Map(truth.map((row) => [row.account_id, row]));
  const isCampaign = (accountId: string): boolean => rows.get(accountId)?.kind === 'campaign';
  const { firstCall, campaignMinutes, innocents, clusterOf, severities, flaggedAt, reliability } = state;

  const innocentsOf = (accountId: string): Innocents => {
    const name = rows.get(accountId)?.name ?? 'unknown';
    return innocentsNamed(name);
  };
  const innocentsNamed = (name: string): Innocents => {
    const known = innocents.get(name) ?? { accounts: 0, calls: 0, pages: 0, tickets: 0, paged: 0, flagged: 0 };
    innocents.set(name, known);
    return known;
  };
  /**
   * Whom an alert or a window is about, by its sample of accounts: null for a campaign (half of them or more), else the most frequent of the innocent. By the sample
   * and not by the cluster, since a subject can be a part of one.
   */
  const innocentSubject = (sample: readonly string[]): string | null => {
    if (sample.filter(isCampaign).length * 2 >= sample.length && sample.length > 0) return null;
    const names = new Map<string, number>();
    for (const accountId of sample) {
      if (isCampaign(accountId)) continue;
      const name = rows.get(accountId)?.name ?? 'unknown';
      names.set(name, (names.get(name) ?? 0) + 1);
    }
    const [most] = [...names].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return most?.[0] ?? 'unknown';
  };
  const scores = (flagged: ReadonlyMap<string, number>): AccountScores => {
    let hits = 0;
    let wrong = 0;
    for (const accountId of flagged.keys()) {
      if (!firstCall.has(accountId)) continue;
      if (isCampaign(accountId)) hits++;
      else wrong++;
    }
    const campaign = [...firstCall.keys()].filter(isCampaign).length;
    return {
      precision: hits + wrong === 0 ? null : hits / (hits + wrong),
      recall: campaign === 0 ? null : hits / campaign,
      falsePositiveRate: wrong / Math.max(1, firstCall.size - campaign),
    };
  };

  return {
    call(accountId, time) {
      state.calls++;
      const isFirst = !firstCall.has(accountId);
      if (isFirst) firstCall.set(accountId, time);
      if (isCampaign(accountId)) {
        const minute = Math.floor(time / MINUTE);
        campaignMinutes.set(minute, (campaignMinutes.get(minute) ?? 0) + 1);
        return;
      }
      const of = innocentsOf(accountId);
      of.calls++;
      if (isFirst) of.accounts++;
    },
    assignment({ account_id, cluster_id, effective_at }) {
      if (effective_at > until) return;
      if (cluster_id === null) clusterOf.delete(account_id);
      else clusterOf.set(account_id, cluster_id);
    },
    clusterWindow({ window_size, members, confidence }) {
      if (window_size !== 'hour') return;
      const bin = reliability[Math.min(BINS - 1, Math.floor(confidence * BINS))];
      if (bin === undefined) return;
      const truth = innocentSubject(members.sample.map(({ account_id }) => account_id)) === null ? 1 : 0;
      bin.windows++;
      bin.confidence += confidence;
      bin.true += truth;
      bin.squared += (confidence - truth) ** 2;
    },
    alert({ type, alert }) {
      const before = severities.get(alert.alert_id);
      if (type === 'stillwatch.alert.resolved') {
        severities.delete(alert.alert_id);
        return;
      }
      severities.set(alert.alert_id, alert.severity);
      if (before !== undefined && RANK[before] >= RANK[alert.severity]) return;
      const name = innocentSubject(alert.sample_accounts);
      if (name === null) return;
      if (alert.severity === 'page') innocentsNamed(name).pages++;
      else if (alert.severity === 'ticket') innocentsNamed(name).tickets++;
    },
    flagged({ account_id, severity, flagged_at, unflagged_at }) {
      if (unflagged_at !== undefined) return;
      for (const map of severity === 'page' ? [flaggedAt.page, flaggedAt.any] : [flaggedAt.any])
        if (!map.has(account_id)) map.set(account_id, flagged_at);
    },
    verdict(wholeCampaign) {
      for (const accountId of flaggedAt.page.keys()) if (!isCampaign(accountId)) innocentsOf(accountId).paged++;
      for (const accountId of flaggedAt.any.keys()) if (!isCampaign(accountId)) innocentsOf(accountId).flagged++;
      const active = [...firstCall.keys()];
      const campaign = active.filter(isCampaign);
      const actors = new Map(
        active.map((id) => [id, rows.get(id)?.kind === 'benign' ? id : (rows.get(id)?.actor ?? id)]),
      );
      const firstPage = Math.min(...campaign.map((id) => flaggedAt.page.get(id) ?? Number.POSITIVE_INFINITY));
      const start = Math.min(...campaign.map((id) => firstCall.get(id) ?? Number.POSITIVE_INFINITY));
      let leaked = 0;
      let total = 0;
      for (const [minute, count] of campaignMinutes) {
        total += count;
        if (minute * MINUTE < firstPage) leaked += count;
      }
      const delays = campaign.flatMap((id) => {
        const at = flaggedAt.page.get(id);
        return at === undefined ? [] : [(at - (firstCall.get(id) ?? at)) / MINUTE];
      });
      return {
        calls: state.calls,
        accounts: active.length,
        campaignAccounts: campaign.length,
        page: scores(flaggedAt.page),
        any: scores(flaggedAt.any),
        bCubed: bCubed(actors, clusterOf, isCampaign),
        leaked:
          campaign.length === 0
            ? null
            : {
                calls: leaked,
                // Without a page nothing would have stopped the rest of the campaign either.
                share: firstPage < Number.POSITIVE_INFINITY ? leaked / Math.max(total, wholeCampaign ?? 0) : 1,
                paged: firstPage < Number.POSITIVE_INFINITY,
              },
        firstPageMinutes: firstPage < Number.POSITIVE_INFINITY ? (firstPage - start) / MINUTE : null,
        accountMinutes: delays.length === 0 ? null : { p50: quantile(delays, 0.5), p95: quantile(delays, 0.95) },
        innocents: Object.fromEntries([...innocents].sort(([a], [b]) => (a < b ? -1 : 1))),
        reliability,
      };
    },
    save: () => state,
  };
}
