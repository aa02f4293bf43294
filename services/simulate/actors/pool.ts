import { DAY_MS, type HourProfile, renewalArrivals, weeklyShape } from '../arrivals.ts';
import type { Client } from '../clients.ts';
import type { Endpoint } from '../network.ts';
import type { Random } from '../random.ts';
import { composeCall, drawJob, type Job, resample } from '../traffic.ts';
import type { Work } from '../work.ts';
import type { CallDraft, World } from '../world.ts';
import { createDispatcher, type DispatchSpec } from './dispatch.ts';

/** An account as the pool uses it. */
export interface PoolAccount {
  accountId: string;
  apiKeyId: string;
  endpoints: readonly Endpoint[];
  client: Client;
}

/** A place in the pool and the accounts that hold it one after the other, ascending by `from`, with pauses between them. */
export interface PoolSlot {
  tenures: { account: PoolAccount; from: number; until: number }[];
}

export interface PoolSpec {
  /** Calls a day of one account, averaged over the pool. */
  callsPerAccountPerDay: number;
  /** Variation of the gaps of the one queue before it is dispatched. */
  queueCv: number;
  hourProfile: HourProfile;
  utcOffset: number;
  weekendFactor: number;
  /** The whole pool works and rests together; null: it never rests. */
  bursts: { onMinutes: number; offMinutes: number } | null;
  /** Days over which the accounts come into use one after another. */
  rampDays: number;
  dispatch: DispatchSpec;
  failureShare: number;
}

/** What the queue asks next. */
export interface QueuedWork {
  work: Work;
  model: string;
  /** How many answers to the very same prompt are wanted; absent: one. */
  samples?: number;
}

export type NextWork = (time: number, random: Random) => QueuedWork;

function tenureAt(slot: PoolSlot | undefined, time: number): PoolAccount | undefined {
  const tenure = slot?.tenures.find((candidate) => time >= candidate.from && time < candidate.until);
  return tenure?.account;
}

/** One queue of work spread over many accounts. A failed job goes back to the queue and is carried by another account. */
export function* poolCalls(
  slots: readonly PoolSlot[],
  spec: PoolSpec,
  nextWork: NextWork,
  world: World,
  random: Random,
): Generator<CallDraft> {
  const dispatch = createDispatcher(spec.dispatch, random.fork('dispatch'));
  const textRandom = random.fork('text');
  const rhythm = { ...spec, callsPerDay: 0, interarrivalCv: spec.queueCv, activeShare: 1, spellWindows: 1 };
  const activeAt = (time: number): number => {
    const ramp = spec.rampDays > 0 ? (time - world.start) / (spec.rampDays * DAY_MS) : 1;
    return Math.max(1, Math.ceil(slots.length * Math.min(1, ramp)));
  };
  const burstAt = (time: number): number => {
    if (spec.bursts === null) return 1;
    const { onMinutes, offMinutes } = spec.bursts;
    const minute = ((time - world.start) / 60_000) % (onMinutes + offMinutes);
    return minute < onMinutes ? (onMinutes + offMinutes) / onMinutes : 0;
  };
  const arrivals = renewalArrivals(random.fork('arrivals'), world.start, world.end, spec.queueCv, (window) => {
    const rate = (spec.callsPerAccountPerDay * activeAt(window)) / DAY_MS;
    return rate * weeklyShape(rhythm, window) * burstAt(window);
  });
  const waiting: { job: Job; model: string }[] = [];
  for (const time of arrivals) {
    const next = waiting.shift() ?? fresh(nextWork(time, random));
    const active = activeAt(time);
    let account: PoolAccount | undefined;
    for (let tries = 0; account === undefined && tries <= active; tries += 1) {
      account = tenureAt(slots[dispatch(time, active, next.job.inputTokens + next.job.outputTokens)], time);
    }
    // Every account of the pool is banned and not yet replaced: the work is lost to the harvester.
    if (account === undefined) continue;
    const endpoint = random.pick(account.endpoints);
    const call = composeCall(time, { ...account, endpoint }, next.job, next.model, spec.failureShare, random);
    yield call;
    if (call.status_code !== 200) waiting.push(next);
  }

  function fresh({ work, model, samples = 1 }: QueuedWork): { job: Job; model: string } {
    const job = drawJob(work, world, random, textRandom);
    for (let i = 1; i < samples; i += 1) waiting.push({ job: resample(job, random), model });
    return { job, model };
  }
}
