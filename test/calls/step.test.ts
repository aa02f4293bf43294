import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UNKNOWN_PROFILE } from '../../services/calls/profile-table.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import { DAY, HOUR, MINUTE, windowStart } from '../../services/records/window.ts';
import { apiCall, createRunner, type Output, observationsOf, START, windowsOf } from './runner.ts';

/** Calls of a few accounts over two and a half days, more of them around the ends of hours and days, and now and then one sent twice. */
const calls: fc.Arbitrary<ApiCall[]> = fc
  .array(
    fc.record({
      account: fc.integer({ min: 0, max: 4 }),
      minute: fc.oneof(
        fc.integer({ min: 0, max: (2.5 * DAY) / MINUTE }),
        fc.constantFrom(0, 1, 58, 59, 60, 61, 119, 1439, 1440, 1441, 2879, 2880),
      ),
      offset: fc.integer({ min: 0, max: MINUTE - 1 }),
      ip: fc.integer({ min: 1, max: 3 }),
      text: fc.option(fc.constantFrom('explain 12 step by step', 'rate this: "x"', 'hello'), { nil: null }),
      twice: fc.boolean(),
    }),
    { maxLength: 25 },
  )
  .map((drafts) =>
    drafts
      .flatMap(({ account, minute, offset, ip, text, twice }, place) => {
        const call = apiCall({
          event_id: `event-${place}`,
          account_id: `account-${account}`,
          occurred_at: START + minute * MINUTE + offset,
          source_ip: `192.0.2.${ip}`,
          prompt_text: text,
        });
        return twice ? [call, { ...call }] : [call];
      })
      .sort((a, b) => a.occurred_at - b.occurred_at),
  );

const END = START + 5 * DAY;

test('any interleaving within the grace gives the same output', () => {
  fc.assert(
    fc.property(calls, fc.infiniteStream(fc.integer({ min: 0, max: 3 * MINUTE })), (list, delays) => {
      const delayed = list.map((call) => ({ call, arrives: call.occurred_at + (delays.next().value ?? 0) }));
      const shuffled = delayed.sort((a, b) => a.arrives - b.arrives).map(({ call }) => call);
      assert.deepEqual(run(shuffled, 3 * MINUTE), run(list, 3 * MINUTE));
    }),
    { numRuns: 40 },
  );
});

test('a watermark that jumps gives what one that walks gives', () => {
  fc.assert(
    fc.property(calls, fc.array(fc.integer({ min: 1, max: 4_000 }), { maxLength: 20 }), (list, jumps) => {
      const walking = createRunner();
      const jumping = createRunner();
      for (const call of list) {
        walking.call(call);
        jumping.call(call);
      }
      for (let time = START; time <= END; time += MINUTE) walking.watermark(time);
      let time = START;
      for (const jump of jumps) {
        time += jump * MINUTE;
        if (time < END) jumping.watermark(time);
      }
      jumping.watermark(END);
      assert.deepEqual(jumping.take(), walking.take());
      assert.equal(jumping.accounts(), walking.accounts());
    }),
    { numRuns: 25 },
  );
});

test('saved and restored at any point, it goes on as if it had not been', () => {
  fc.assert(
    fc.property(calls, fc.integer({ min: 1, max: 12 }), fc.constantFrom(2, 500_000), (list, every, mostAccounts) => {
      const undisturbed = createRunner({ mostAccounts });
      let restored = createRunner({ mostAccounts });
      const seen: Output[] = [];
      let done = 0;
      for (const act of acts(list, 2 * MINUTE)) {
        act(undisturbed);
        act(restored);
        seen.push(...restored.take());
        if (++done % every === 0) restored = createRunner({ mostAccounts }, restored.save());
      }
      assert.deepEqual(seen, undisturbed.take());
      assert.equal(restored.accounts(), undisturbed.accounts());
    }),
    { numRuns: 60 },
  );
});

test('every call is in one minute, one hour and one day, once however often it was sent', () => {
  fc.assert(
    fc.property(calls, (list) => {
      const windows = windowsOf(run(list, MINUTE));
      const sent = new Map(list.map((call) => [call.event_id, call]));
      for (const size of ['minute', 'hour', 'day'] as const) {
        const expected = Map.groupBy(
          sent.values(),
          ({ account_id, occurred_at }) => `${account_id} ${windowStart(size, occurred_at)}`,
        );
        const found = windows.filter(({ window_size }) => window_size === size);
        assert.deepEqual(
          new Map(
            found.map(({ account_id, window_end, accumulator }) => [
              `${account_id} ${windowStart(size, window_end - 1)}`,
              accumulator.calls,
            ]),
          ),
          new Map([...expected].map(([name, { length }]) => [name, length])),
        );
        assert.equal(found.length, expected.size);
      }
    }),
    { numRuns: 40 },
  );
});

test('the last window comes out on a watermark, without another call', () => {
  const runner = createRunner();
  runner.call(apiCall({ occurred_at: START + 30_000 }));
  runner.watermark(START);
  assert.deepEqual(runner.take(), []);
  runner.watermark(START + MINUTE);
  assert.deepEqual(sizes(runner.take()), ['minute']);
  runner.watermark(START + HOUR);
  assert.deepEqual(sizes(runner.take()), ['hour']);
  runner.watermark(START + DAY - MINUTE);
  assert.deepEqual(runner.take(), []);
  runner.watermark(START + DAY);
  assert.deepEqual(sizes(runner.take()), ['day']);
});

test('a call whose minute is closed is late, counted and reported with its place in the source, and changes no window', () => {
  const runner = createRunner();
  runner.watermark(START + MINUTE);
  runner.call(apiCall({ event_id: 'late', occurred_at: START + MINUTE - 1, prompt_text: 'secret' }));
  runner.call(apiCall({ event_id: 'in time', occurred_at: START + MINUTE }));
  assert.equal(runner.count('late minute_closed'), 1);
  assert.deepEqual(runner.take(), [
    {
      name: 'late_calls',
      record: {
        event_id: 'late',
        account_id: 'account',
        occurred_at: START + MINUTE - 1,
        watermark: START + MINUTE,
        topic: 'calls',
        partition: 3,
        offset: '17',
      },
      partition: 3,
    },
  ]);
  runner.watermark(START + 2 * MINUTE);
  assert.deepEqual(
    windowsOf(runner.take()).map(({ accumulator }) => accumulator.calls),
    [1],
  );
});

test('what is late is late after a restore too', () => {
  const runner = createRunner();
  runner.watermark(START + MINUTE);
  const restored = createRunner({}, runner.save());
  restored.call(apiCall());
  assert.equal(restored.count('late minute_closed'), 1);
});

test('arrivals are by the second in a minute, by the minute in an hour, by the quarter of an hour in a day', () => {
  const runner = createRunner();
  runner.call(apiCall({ occurred_at: START + 5 * HOUR + 47 * MINUTE + 12_000 }));
  runner.watermark(START + DAY);
  const arrivals = windowsOf(runner.take()).map(({ window_size, accumulator }) => [window_size, accumulator.arrivals]);
  assert.deepEqual(arrivals, [
    ['minute', [{ bin: 12, count: 1 }]],
    ['hour', [{ bin: 47, count: 1 }]],
    ['day', [{ bin: 23, count: 1 }]],
  ]);
});

test('an event id counts once in a loud minute too, also after a restore, and again in another account', () => {
  let runner = createRunner();
  const ids = Array.from({ length: 100 }, (_, number) => `event-${number}`);
  for (const event_id of ids) runner.call(apiCall({ event_id }));
  runner = createRunner({}, runner.save());
  for (const event_id of ids) runner.call(apiCall({ event_id }));
  runner.call(apiCall({ event_id: 'event-5', account_id: 'other' }));
  assert.equal(runner.count('duplicate event_id'), 100);
  runner.watermark(START + MINUTE);
  assert.deepEqual(
    windowsOf(runner.take()).map(({ accumulator }) => accumulator.calls),
    [100, 1],
  );
});

test('a pair of account and attribute is reported when it is new, and again a day later', () => {
  const runner = createRunner();
  const kindsAt = (time: number): string[] => {
    runner.call(apiCall({ event_id: `at ${time}`, occurred_at: time }));
    runner.watermark(time + MINUTE);
    return observationsOf(runner.take()).flatMap(({ attributes }) => attributes.map(({ kind }) => kind));
  };
  const all = ['egress_ip', 'egress_network', 'client', 'sampling', 'shape', 'work'];
  assert.deepEqual(kindsAt(START), all);
  assert.deepEqual(kindsAt(START + MINUTE), ['work'], 'each call is work of its own');
  assert.deepEqual(kindsAt(START + DAY - MINUTE), ['work']);
  assert.deepEqual(kindsAt(START + DAY), all);
});

test('an observation says when and where the account was seen', () => {
  const runner = createRunner();
  runner.call(apiCall());
  runner.watermark(START + MINUTE);
  const [observation] = observationsOf(runner.take());
  assert.equal(observation?.observed_at, START + MINUTE);
  assert.equal(observation?.partition, 3);
  assert.deepEqual(observation?.attributes[0], { kind: 'egress_ip', value: '192.0.2.7' });
});

test('a window carries the profile in force when it ends, for an account is suspended after its last call; an unknown account is counted, not dropped', () => {
  const asked: number[] = [];
  const runner = createRunner({
    profileAt(accountId, time) {
      asked.push(time);
      const status = time < START + 30_000 ? 'active' : 'suspended';
      return accountId === 'unknown' ? UNKNOWN_PROFILE : { ...UNKNOWN_PROFILE, plan: 'team', status };
    },
  });
  runner.call(apiCall({ event_id: 'b', occurred_at: START + 2_000 }));
  runner.call(apiCall({ event_id: 'a', occurred_at: START + 1_000 }));
  runner.call(apiCall({ event_id: 'c', occurred_at: START + 1_500, account_id: 'unknown' }));
  runner.watermark(START + MINUTE);
  assert.deepEqual(
    windowsOf(runner.take()).map(({ account_id, profile }) => [account_id, profile.status]),
    [
      ['account', 'suspended'],
      ['unknown', null],
    ],
  );
  assert.deepEqual(asked, [START + MINUTE - 1, START + MINUTE - 1]);
  assert.equal(runner.count('unknown_account minute'), 1);
});

test('nothing is remembered of an account a day after its last day', () => {
  const runner = createRunner();
  runner.call(apiCall());
  runner.call(
    apiCall({
      account_id: 'bare',
      source_ip: null,
      user_agent: null,
      tls_fingerprint: null,
      temperature: null,
      max_tokens: null,
    }),
  );
  runner.watermark(START + DAY - MINUTE);
  assert.equal(runner.accounts(), 2);
  runner.watermark(START + 2 * DAY);
  assert.equal(runner.accounts(), 0);
});

test('above the bound a new account keeps its minutes and its links, loses its hour, and is counted; who is known stays', () => {
  const flood = (order: readonly number[]) => {
    const runner = createRunner({ mostAccounts: 2 });
    runner.call(apiCall({ account_id: 'account-9' }));
    runner.watermark(START + MINUTE);
    for (const number of order) runner.call(apiCall({ account_id: `account-${number}`, occurred_at: START + MINUTE }));
    runner.call(apiCall({ account_id: 'account-9', event_id: 'again', occurred_at: START + MINUTE }));
    runner.watermark(START + DAY);
    return runner;
  };
  const runner = flood([1, 2, 3]);
  assert.equal(runner.count('refused account_memory'), 2);
  const outputs = runner.take();
  const accountsOf = (size: string) =>
    windowsOf(outputs)
      .filter(({ window_size }) => window_size === size)
      .map(({ account_id }) => account_id);
  assert.deepEqual(accountsOf('minute'), ['account-9', 'account-1', 'account-2', 'account-3', 'account-9']);
  assert.deepEqual(accountsOf('day'), ['account-1', 'account-9']);
  assert.equal(observationsOf(outputs).length, 5);
  assert.deepEqual(flood([3, 1, 2]).take(), outputs);
});

test('a flood of accounts within the open minutes ends at twice the bound, on the late topic and counted', () => {
  const runner = createRunner({ mostAccounts: 2 });
  for (let number = 0; number < 10; number++) runner.call(apiCall({ account_id: `account-${number}` }));
  assert.equal(runner.accounts(), 4);
  assert.equal(runner.count('refused accounts_open'), 6);
  assert.equal(runner.take().length, 6);
  runner.watermark(START + 3 * DAY);
  assert.equal(runner.accounts(), 0);
  runner.call(apiCall({ occurred_at: START + 4 * DAY }));
  assert.equal(runner.accounts(), 1);
});

type Runner = ReturnType<typeof createRunner>;

/** What a runner does with calls as they come: each call, and the watermark that follows it at the distance of the grace. */
function* acts(list: readonly ApiCall[], grace: number): Generator<(runner: Runner) => void> {
  let latest = START;
  for (const call of list) {
    yield (runner) => runner.call(call);
    const before = windowStart('minute', latest - grace);
    latest = Math.max(latest, call.occurred_at);
    const after = windowStart('minute', latest - grace);
    if (after > before) yield (runner) => runner.watermark(after);
  }
  yield (runner) => runner.watermark(END);
}

function run(list: readonly ApiCall[], grace: number): Output[] {
  const runner = createRunner();
  for (const act of acts(list, grace)) act(runner);
  assert.equal(runner.count('late minute_closed'), 0);
  return runner.take();
}

function sizes(outputs: readonly Output[]): string[] {
  return windowsOf(outputs).map(({ window_size }) => window_size);
}
