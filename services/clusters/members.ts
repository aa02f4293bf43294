import type { AccountWindow } from '../records/account-window.ts';
import { addHash, createSketch, estimate, mergeSketch } from '../records/distinct-sketch.ts';
import type { Members } from '../records/subject-window.ts';
import { fnv } from './partition.ts';

const MOST_SAMPLE = 20;

export function createMembers(): Members {
  return {
    accounts: createSketch(),
    calls_histogram: [],
    plans: [],
    sample: [],
    suspended: 0,
    unverified: 0,
    template_uses: 0,
  };
}

export function addMember(members: Members, { account_id, accumulator, profile }: AccountWindow): void {
  const hash = fnv(account_id);
  addHash(members.accounts, accountHash(account_id));
  addCalls(members, accumulator.calls, 1);
  addPlan(members, profile.plan ?? 'unknown', 1);
  addSample(members, { account_id, hash, calls: accumulator.calls });
  if (profile.status === 'suspended') members.suspended++;
  if (profile.verified !== true) members.unverified++;
  members.template_uses += estimate(accumulator.distinct_templates);
}

/** An account in the sketch of distinct accounts. */
export function accountHash(accountId: string): number {
  return mix(fnv(accountId));
}

/** Another partition's members, or the same cluster's members in another hour: then counts are of account-hours, and `accounts` stays distinct. */
export function mergeMembers(into: Members, from: Members): void {
  mergeSketch(into.accounts, from.accounts);
  for (const { calls, accounts } of from.calls_histogram) addCalls(into, calls, accounts);
  for (const { value, count } of from.plans) addPlan(into, value, count);
  for (const sample of from.sample) addSample(into, sample);
  into.suspended += from.suspended;
  into.unverified += from.unverified;
  into.template_uses += from.template_uses;
}

/** Calls of an account in a window, on average: what a cluster is compared with single accounts by. */
export function callsPerWindow(calls: number, members: Members): number {
  let windows = 0;
  for (const { accounts } of members.calls_histogram) windows += accounts;
  return calls / Math.max(1, windows, windows === 0 ? accountCount(members) : 0);
}

/** The plan of most account windows, the first in the alphabet when equal; null when there are none. */
export function commonPlan({ plans }: Members): string | null {
  let most: Members['plans'][number] | null = null;
  for (const plan of plans) if (most === null || plan.count > most.count) most = plan;
  return most?.value ?? null;
}

export function accountCount(members: Members): number {
  return estimate(members.accounts);
}

function addCalls(members: Members, calls: number, accounts: number): void {
  const { calls_histogram } = members;
  let place = 0;
  while (place < calls_histogram.length && (calls_histogram[place]?.calls ?? 0) < calls) place++;
  const known = calls_histogram[place];
  if (known?.calls === calls) known.accounts += accounts;
  else calls_histogram.splice(place, 0, { calls, accounts });
}

function addPlan(members: Members, value: string, count: number): void {
  const known = members.plans.find((plan) => plan.value === value);
  if (known !== undefined) known.count += count;
  else members.plans.push({ value, count });
  members.plans.sort((a, b) => (a.value < b.value ? -1 : 1));
}

function addSample(members: Members, sample: Members['sample'][number]): void {
  const known = members.sample.find(({ account_id }) => account_id === sample.account_id);
  if (known !== undefined) {
    known.calls += sample.calls;
    return;
  }
  members.sample.push({ ...sample });
  members.sample.sort((a, b) => a.hash - b.hash || (a.account_id < b.account_id ? -1 : 1));
  if (members.sample.length > MOST_SAMPLE) members.sample.pop();
}

/** FNV's high bits are weak on short texts, and a sketch reads the high bits: MurmurHash3's finaliser spreads them. */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
