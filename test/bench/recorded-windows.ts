import type { Codecs } from '../../services/records/codec/codecs.ts';
import { MINUTE } from '../../services/records/window.ts';
import { createScenario } from '../../services/simulate/scenarios.ts';
import { simulate } from '../../services/simulate/simulate.ts';
import { openTestChain } from '../support/chain.ts';

export const GRACE = MINUTE;
const SEED = 502;

/** What comes to `clusters`, in order and in bytes, as it does over Kafka. */
export type RecordedInput = { window: Buffer } | { assignment: Buffer } | { mark: number };

/** What `calls` and `links` make of a day and a half of the demo's traffic: 2,000 accounts and a campaign of 120. */
export function recordWindows(codecs: Codecs): RecordedInput[] {
  const recorded: RecordedInput[] = [];
  const { accounts, calls } = simulate(createScenario('demo'), SEED);
  const chain = openTestChain(accounts, {
    accountWindow: (window) => recorded.push({ window: codecs.of('account-window').encode(window) }),
    assignment: (assignment) => recorded.push({ assignment: codecs.of('assignment').encode(assignment) }),
    clusterWindow: () => {},
    membership: () => {},
    alert: () => {},
    late: () => {},
    count: () => {},
  });
  let mark = 0;
  let number = 0;
  for (const call of calls) {
    chain.call(call, { topic: 'bench', partition: 0, offset: String(number++) });
    const passed = Math.floor((call.occurred_at - GRACE) / MINUTE) * MINUTE;
    if (passed > mark) recorded.push({ mark: passed });
    mark = Math.max(mark, passed);
  }
  return recorded;
}
