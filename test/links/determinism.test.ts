import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_LINK_SETTINGS, type LinkSettings } from '../../services/links/settings.ts';
import type { LinkAttribute } from '../../services/records/link-observation.ts';
import { DAY, HOUR, MINUTE } from '../../services/records/window.ts';
import { SECTIONS } from '../../services/stream/checkpoint.ts';
import { createTrackedTables, type TrackedTables } from '../../services/stream/tracked-tables.ts';
import { account, createLinks, type Input, type Links, registered, START, seen, timeOf } from './world.ts';

const MINUTES = 5 * 24 * 60;

/** Bounds so tight that what is kept and who is compared depends on the order of what comes in. */
const SETTINGS: LinkSettings = {
  ...DEFAULT_LINK_SETTINGS,
  kinds: { ...DEFAULT_LINK_SETTINGS.kinds, egress_ip: { ...DEFAULT_LINK_SETTINGS.kinds.egress_ip, cap: 7 } },
  compared: 2,
  // Work of a few accounts is taken for a queue whatever it looks like.
  work: { ...DEFAULT_LINK_SETTINGS.work, noticedFrom: 2, mostUnits: 3, mostAccounts: 4, mostCalls: 3, fillings: 2 },
  queue: {
    ...DEFAULT_LINK_SETTINGS.queue,
    leastShared: 1,
    leastAccounts: 3,
    leastCalls: 4,
    leastPairs: 0,
    leastSpan: 12,
    settledAfter: 1,
    mostUneven: 9,
    mostSittings: 99,
    leastRoundTheClock: 0,
    leastQuarter: 0,
    leastIrregular: 0,
    mostRepeated: 0.9,
    leastCallsOfMember: 1,
    leastSpread: 0,
  },
  mostValues: 2,
};

const attribute: fc.Arbitrary<LinkAttribute> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('egress_ip', 'client', 'system_prompt', 'template'),
    value: fc.constantFrom('a', 'b', '192.0.2.1'),
  }),
  fc.record({
    kind: fc.constant('lockstep' as const),
    value: fc.nat(60).map((bin) => `${Math.floor(START / (5 * MINUTE)) + bin * 20}:a`),
  }),
  fc.record({
    kind: fc.constant('work' as const),
    value: fc
      .tuple(fc.nat(60), fc.constantFrom('a', 'b', 'c'), fc.nat(3), fc.constantFrom('', '0a', '0b,5c'))
      .map(
        ([bin, template, filling, bands]) =>
          `${Math.floor(START / (5 * MINUTE)) + bin * 20}:${template}:${filling}:${bands}`,
      ),
  }),
);
const id = fc.nat(13).map((n) => `acct${String(n).padStart(2, '0')}`);

const observation: fc.Arbitrary<Input> = fc
  .tuple(
    id,
    fc.nat(MINUTES / 30).map((half) => half * 30),
    fc.array(attribute, { minLength: 1, maxLength: 3 }),
  )
  .map(([who, minute, attributes]) => seen(who, START + minute * MINUTE, attributes, who.length % 4));
const change: fc.Arbitrary<Input> = fc
  .tuple(
    id,
    fc.nat(MINUTES),
    fc.constantFrom('card-1', null, null, null, null, null),
    fc.constantFrom('192.0.2.1', '192.0.2.9', null),
    fc.nat(3),
  )
  .map(([who, minute, payment_fingerprint, signup_ip, batch]) =>
    registered(
      account(who, {
        payment_fingerprint,
        signup_ip,
        created_at: START - DAY + batch * HOUR,
        updated_at: START + Math.floor(minute / 8 / 30) * 30 * MINUTE,
        country: 'SG',
      }),
    ),
  );
const removal: fc.Arbitrary<Input> = fc
  .tuple(id, fc.nat(MINUTES))
  .map(([who, minute]) => ({ change: { account_id: who, account: null, at: START + minute * MINUTE } }));

const inputs: fc.Arbitrary<Input[]> = fc.array(
  fc.oneof({ weight: 6, arbitrary: observation }, { weight: 4, arbitrary: change }, { weight: 1, arbitrary: removal }),
  { minLength: 60, maxLength: 160 },
);

const END = START + 9 * DAY;

function inOneJump(all: readonly Input[], tables = createTrackedTables()): Links['emitted'] {
  const links = createLinks(tables, SETTINGS);
  links.feed(all);
  links.watermark(END);
  return links.emitted;
}

/** As they come, with the watermark at every `step` minutes in between. */
function stepwise(all: readonly Input[], step: number, swap?: (links: Links, time: number) => Links): Links['emitted'] {
  const emitted: Links['emitted'] = [];
  let links = createLinks(createTrackedTables(), SETTINGS);
  const byTime = [...all].sort((a, b) => timeOf(a) - timeOf(b));
  let next = 0;
  for (let time = START - DAY; time <= END; time += step * MINUTE) {
    const before = next;
    while (next < byTime.length && timeOf(byTime[next] ?? { change: { account_id: '', account: null, at: 0 } }) <= time)
      next++;
    links.feed(byTime.slice(before, next).reverse());
    links.watermark(time);
    emitted.push(...links.emitted.splice(0));
    if (swap !== undefined) links = swap(links, time);
  }
  links.watermark(END); // which not every step meets
  return [...emitted, ...links.emitted];
}

function restored(tables: TrackedTables): TrackedTables {
  const copy = createTrackedTables();
  for (let rotation = 0; rotation < SECTIONS; rotation++)
    for (const chunk of tables.checkpoint(rotation)) copy.apply(chunk);
  return copy;
}

test('the order of arrival before the watermark decides nothing', () => {
  let told = 0;
  let queued = 0;
  fc.assert(
    fc.property(
      inputs.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, shuffled]) => {
        const expected = inOneJump(all);
        told += expected.length;
        for (const { assignment } of expected)
          if (assignment.evidence.some(({ kind }) => kind === 'work_queue')) queued++;
        assert.deepEqual(inOneJump(shuffled), expected);
      },
    ),
    { numRuns: 60 },
  );
  assert.ok(told > 100, 'the inputs must link somebody');
  assert.ok(queued > 20, 'some of them by a queue');
});

test('how many accounts and attributes are kept decoded decides nothing', () => {
  fc.assert(
    fc.property(inputs, fc.constantFrom(0, 1, 5), (all, hot) => {
      assert.deepEqual(inOneJump(all, createTrackedTables({ hot })), inOneJump(all));
    }),
    { numRuns: 60 },
  );
});

test('a watermark that jumps gives what single steps give', () => {
  fc.assert(
    fc.property(inputs, (all) => {
      assert.deepEqual(stepwise(all, 60), inOneJump(all));
    }),
    { numRuns: 80 },
  );
  fc.assert(
    fc.property(inputs, (all) => {
      assert.deepEqual(stepwise(all, 1), stepwise(all, 7 * 60));
    }),
    { numRuns: 12 },
  );
});

test('tables that are saved and restored at any point give the same', () => {
  fc.assert(
    fc.property(inputs, fc.integer({ min: 0, max: 5 * 48 }), (all, half) => {
      const swap = (links: Links, time: number): Links =>
        time === START + half * 30 * MINUTE ? createLinks(restored(links.tables), SETTINGS) : links;
      assert.deepEqual(stepwise(all, 30, swap), stepwise(all, 30));
    }),
    { numRuns: 80 },
  );
});

test('what arrives after its minute was decided counts from the next minute on, and is counted', () => {
  const links = createLinks();
  const ids = ['a', 'b', 'c'];
  links.feed([
    ...ids.map((who) => registered(account(who, { payment_fingerprint: 'card' }))),
    ...['a', 'b'].map((who) => seen(who, START, [])),
  ]);
  links.watermark(START + HOUR);
  links.feed([seen('c', START, [])]);
  links.watermark(START + 2 * HOUR);
  assert.equal(links.latest('c')?.effective_at, START + HOUR + MINUTE);
  assert.equal(links.counts.get('late.decided'), 1);
});
