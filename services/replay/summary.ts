import type { Cost } from './cost.ts';

export interface ReplaySummary {
  calls_in: number;
  accounts_in: number;
  processed: number;
  late: number;
  duplicate: number;
  rejected: Record<string, number>;
  account_windows: number;
  cluster_windows: number;
  assignments: number;
  alerts: number;
  counts: Record<string, number>;
  rules_hash: string;
  wall_seconds: number;
  cpu_seconds: number;
  peak_memory_bytes: number;
}

export interface Counted {
  callsIn: number;
  accountsIn: number;
  /** By name and reason. */
  counts: ReadonlyMap<string, number>;
  rejected: ReadonlyMap<string, number>;
  rulesHash: string;
  cost: Cost;
}

/** Reasons of lines that are no call at all. */
const NO_CALL: readonly string[] = ['not_json', 'bad_field'];

export function summarise(counted: Counted): ReplaySummary {
  const { callsIn, accountsIn, counts, rejected, rulesHash, cost } = counted;
  const late = counts.get('late.minute_closed') ?? 0;
  const duplicate = counts.get('duplicate.event_id') ?? 0;
  let invalid = 0;
  for (const [reason, count] of rejected) if (!NO_CALL.includes(reason)) invalid += count;
  return {
    calls_in: callsIn,
    accounts_in: accountsIn,
    processed: callsIn - late - duplicate - invalid,
    late,
    duplicate,
    rejected: Object.fromEntries(rejected),
    account_windows: counts.get('account_windows') ?? 0,
    cluster_windows: counts.get('cluster_windows') ?? 0,
    assignments: counts.get('assignments') ?? 0,
    alerts: counts.get('alerts') ?? 0,
    counts: Object.fromEntries([...counts].filter(([name]) => name.includes('.')).sort()),
    rules_hash: rulesHash,
    wall_seconds: cost.wallSeconds,
    cpu_seconds: cost.cpuSeconds,
    peak_memory_bytes: cost.peakMemoryBytes,
  };
}
