import type { Account } from '../records/account.ts';
import type { ApiCall } from '../records/api-call.ts';
import { buildActor } from './actors/build.ts';
import { DAY_MS } from './arrivals.ts';
import { disturb } from './disturbance.ts';
import { mergeByTime } from './merge.ts';
import { createPromptLibrary } from './prompts/library.ts';
import { createRandom, hash32, mix32 } from './random.ts';
import type { Scenario } from './scenario.ts';
import type { CallDraft, TruthRow, World } from './world.ts';

export interface Simulation {
  /** All versions of all accounts, ascending by `updated_at`. */
  accounts: Account[];
  /** Lazy, ascending by `occurred_at` (late calls of a disturbed scenario aside), to be read once. Memory follows the number of accounts, not of calls. */
  calls: Iterable<ApiCall>;
  truth: TruthRow[];
}

/** Numbered in the order of the merged stream; the mixing is a bijection, so ids are unique up to 2^32 calls and tell nothing of their actor. */
function* number(drafts: Iterable<CallDraft>, seed: number): Generator<ApiCall> {
  const tag = hash32('event ids', seed);
  const prefix = `evt_${tag.toString(16).padStart(8, '0')}`;
  let counter = 0;
  for (const draft of drafts) {
    yield {
      event_id: `${prefix}${mix32(counter ^ tag)
        .toString(16)
        .padStart(8, '0')}`,
      ...draft,
    };
    counter += 1;
  }
}

/** Labelled traffic: the same scenario and seed give the same accounts, calls and truth. */
export function simulate(scenario: Scenario, seed: number): Simulation {
  const world: World = {
    start: scenario.start,
    end: scenario.start + Math.round(scenario.days * DAY_MS),
    text: scenario.text === 'full',
    launch: scenario.launch,
    prompts: createPromptLibrary(),
  };
  const random = createRandom(seed);
  const accounts: Account[] = [];
  const truth: TruthRow[] = [];
  const streams: Iterator<CallDraft>[] = [];
  for (const [index, spec] of scenario.actors.entries()) {
    const actor = buildActor(spec, world, random.fork(`${index} ${spec.type}`));
    for (const account of actor.accounts) accounts.push(account);
    for (const row of actor.truth) truth.push(row);
    for (const stream of actor.streams) streams.push(stream);
  }
  accounts.sort((a, b) => a.updated_at - b.updated_at || (a.account_id < b.account_id ? -1 : 1));
  truth.sort((a, b) => (a.account_id < b.account_id ? -1 : 1));
  const calls = number(
    mergeByTime(streams, (call) => call.occurred_at),
    seed,
  );
  const { disturbance } = scenario;
  return {
    accounts,
    truth,
    calls: disturbance === null ? calls : disturb(calls, disturbance, random.fork('disturbance')),
  };
}
