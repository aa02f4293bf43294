import type { AccountWindow } from '../../services/records/account-window.ts';
import { type Accumulator, addCall, createAccumulator, mergeShorter } from '../../services/records/accumulator.ts';
import type { Assignment } from '../../services/records/assignment.ts';
import { DAY, HOUR, MINUTE, type WindowSize, windowEnd, windowStart } from '../../services/records/window.ts';
import type { SeededRandom } from '../support/random.ts';
import { countedCall, T } from '../support/records.ts';

export interface TestCall {
  account: string;
  at: number;
  /** Asks for reasoning, with the same wording as every other such call and a filling of its own. */
  harvest: boolean;
}

const PROFILE = {
  plan: 'pay_as_you_go',
  organization_id: null,
  country: 'US',
  reseller_id: null,
  status: 'active',
  verified: false,
  created_at: T - DAY,
};

/** Account windows of all sizes, as the calls step would make them. */
export function windowsOf(calls: readonly TestCall[]): AccountWindow[] {
  const windows = new Map<string, AccountWindow>();
  const window = (account_id: string, window_size: WindowSize, window_end: number): AccountWindow => {
    const key = `${account_id} ${window_size} ${window_end}`;
    const known = windows.get(key) ?? {
      account_id,
      window_size,
      window_end,
      profile: PROFILE,
      accumulator: createAccumulator(),
    };
    windows.set(key, known);
    return known;
  };
  for (const [i, { account, at, harvest }] of calls.entries()) {
    const id = i * 2_654_435_761;
    const template = harvest ? 'aaaa000000000001' : `bbbb0000000000${String(i % 97).padStart(2, '0')}`;
    const prompt = {
      template,
      template_hash: harvest ? 7 : 1_000 + (i % 97),
      filling_hash: id >>> 0,
      markers: harvest ? 1 : 0,
      script: 'latin',
    };
    const counted = countedCall({ event_id: `evt_${i}`, event_hash: id >>> 0, occurred_at: at, prompt });
    addCall(window(account, 'minute', windowEnd('minute', at)).accumulator, counted, windowStart('minute', at));
  }
  const longer = (from: WindowSize, to: WindowSize, length: number): void => {
    for (const { account_id, window_size, window_end, accumulator } of [...windows.values()]) {
      if (window_size !== from) continue;
      const start = window_end - length;
      const into: Accumulator = window(account_id, to, windowEnd(to, start)).accumulator;
      mergeShorter(into, accumulator, to === 'hour' ? 'hour' : 'day', windowStart(to, start), start);
    }
  };
  longer('minute', 'hour', MINUTE);
  longer('hour', 'day', HOUR);
  return [...windows.values()];
}

export function assignmentOf(
  account_id: string,
  cluster_id: string | null,
  over: Partial<Assignment> = {},
): Assignment {
  return {
    account_id,
    cluster_id,
    version: 1,
    effective_at: T,
    reason: cluster_id === null ? 'left' : 'joined',
    previous_cluster_id: null,
    cluster_size: 0,
    evidence: [{ kind: 'payment_fingerprint', attribute: `card ${cluster_id}`, accounts: 3, weight: 1 }],
    ...over,
  };
}

export interface Crowd {
  prefix: string;
  accounts: number;
  /** Calls an hour of each, on average. */
  rate: number;
  /** Share of its calls that harvest. */
  harvest: number;
}

/** The same calls, later. */
export function moved(calls: readonly TestCall[], by: number): TestCall[] {
  return calls.map((call) => ({ ...call, at: call.at + by }));
}

/** Calls of some crowds over hours from T, in order of time. */
export function crowdCalls(crowds: readonly Crowd[], hours: number, random: SeededRandom): TestCall[] {
  const calls: TestCall[] = [];
  for (const { prefix, accounts, rate, harvest } of crowds) {
    for (let n = 0; n < accounts * rate * hours; n++) {
      calls.push({
        account: `${prefix}_${random.below(accounts)}`,
        at: T + random.below(hours * HOUR),
        harvest: random.next() < harvest,
      });
    }
  }
  return calls.sort((a, b) => a.at - b.at);
}

export function shuffled<Value>(values: readonly Value[], random: SeededRandom): Value[] {
  const mixed = [...values];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const [a, b] = [mixed[i], mixed[j]];
    if (a === undefined || b === undefined) continue;
    mixed[i] = b;
    mixed[j] = a;
  }
  return mixed;
}
