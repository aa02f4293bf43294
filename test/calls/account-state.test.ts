import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type AccountState,
  addEventId,
  addToMinute,
  createAccountState,
  dropExpired,
  isRemembered,
  MOST_OF_KIND,
  MOST_REPORTED,
  openMinute,
  reportsExpire,
  takeMinute,
  takeUnreported,
} from '../../services/calls/account-state.ts';
import { linkAttributes } from '../../services/calls/link-attributes.ts';
import type { SeenAttribute } from '../../services/calls/seen-attribute.ts';
import { DAY, MINUTE } from '../../services/records/window.ts';
import { apiCall, enrich, START } from './runner.ts';

const address = (number: number): string => `198.51.${Math.floor(number / 250)}.${number % 250}`;

function minuteOf(addresses: readonly number[]) {
  const minute = openMinute(createAccountState(), START);
  let dropped = 0;
  for (const [place, number] of addresses.entries()) {
    const call = enrich(apiCall({ event_id: `event-${place}`, source_ip: address(number) }));
    dropped += addToMinute(minute, call, linkAttributes(call)).attributes;
  }
  return { attributes: minute.attributes, dropped };
}

test('which attributes a minute keeps does not depend on the order of calls, and a flood of one kind leaves the others alone', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 200, size: 'max' }), (addresses) => {
      const { attributes, dropped } = minuteOf(addresses);
      assert.deepEqual(minuteOf(addresses.toReversed()).attributes, attributes);
      const distinct = new Set(addresses).size;
      assert.equal(attributes.filter(({ kind }) => kind === 'egress_ip').length, Math.min(distinct, MOST_OF_KIND));
      assert.equal(attributes.filter(({ kind }) => kind === 'client').length, distinct === 0 ? 0 : 1);
      assert.equal(dropped > 0, distinct > MOST_OF_KIND);
    }),
    { numRuns: 30 },
  );
});

test('accounts that use the same addresses keep the same ones of them', () => {
  const kept = (addresses: number[]) =>
    new Set(
      minuteOf(addresses)
        .attributes.filter(({ kind }) => kind === 'egress_ip')
        .map(({ value }) => value),
    );
  const all = Array.from({ length: 200 }, (_, number) => number);
  assert.deepEqual(kept(all), kept(all.toReversed()));
});

test('an event id is new once, for lists and for sets', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 80 }), (numbers) => {
      const minute = openMinute(createAccountState(), START);
      const fresh = numbers.filter((number) => addEventId(minute, `event-${number}`));
      assert.deepEqual(fresh, [...new Set(numbers)]);
    }),
  );
});

test('a minute is taken once', () => {
  const state = createAccountState();
  openMinute(state, START);
  assert.equal(takeMinute(state, START + MINUTE), null);
  assert.equal(takeMinute(state, START)?.start, START);
  assert.equal(takeMinute(state, START), null);
});

const seen = (key: number): SeenAttribute => ({ kind: 'egress_ip', value: address(key), key });

test('what was reported is not reported again for a day', () => {
  const state = createAccountState();
  const reported = (at: number) => takeUnreported(state, [seen(1), seen(2)], at).fresh.length;
  assert.deepEqual(
    [reported(START), reported(START + DAY - MINUTE), reported(START + DAY), reported(START + DAY + MINUTE)],
    [2, 0, 2, 0],
  );
});

test('the oldest reports are forgotten first and counted, and what is forgotten is reported again', () => {
  const state = createAccountState();
  for (let key = 0; key < MOST_REPORTED; key++) takeUnreported(state, [seen(key)], START + key * MINUTE);
  const later = START + MOST_REPORTED * MINUTE;
  assert.equal(takeUnreported(state, [seen(999)], later).forgotten, 1);
  assert.equal(takeUnreported(state, [seen(1)], later).fresh.length, 0);
  assert.equal(takeUnreported(state, [seen(0)], later).fresh.length, 1);
});

test('a lockstep attribute is always fresh and takes no room', () => {
  const state = createAccountState();
  const lockstep: SeenAttribute = { kind: 'lockstep', value: '1:template', key: 5 };
  assert.deepEqual(takeUnreported(state, [lockstep], START).fresh, [{ kind: 'lockstep', value: '1:template' }]);
  assert.equal(takeUnreported(state, [lockstep], START).fresh.length, 1);
  assert.equal(isRemembered(state), false);
});

test('reports expire a day after the last of them', () => {
  const state: AccountState = createAccountState();
  takeUnreported(state, [seen(1)], START);
  takeUnreported(state, [seen(2)], START + MINUTE);
  assert.equal(reportsExpire(state), START + MINUTE + DAY);
  dropExpired(state, START + DAY);
  assert.deepEqual(state.reported, { keys: [2], at: [START + MINUTE] });
  dropExpired(state, START + DAY + MINUTE);
  assert.equal(reportsExpire(state), null);
  assert.equal(isRemembered(state), false);
});
