import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRows } from '../../services/calls/account-rows.ts';
import {
  type AccountState,
  addEventId,
  addToMinute,
  createAccountState,
  mergeIntoHour,
  openMinute,
  takeMinute,
  takeUnreported,
} from '../../services/calls/account-state.ts';
import { linkAttributes } from '../../services/calls/link-attributes.ts';
import { apiCall, T } from '../support/records.ts';
import { enrich } from './runner.ts';

const rows = accountRows();
const roundTrip = (state: AccountState): AccountState => rows.decode(Buffer.from(rows.encode(state)), 0);
/** As plain data: Avro's records are of classes of its own. */
const plain = (state: AccountState) => structuredClone(state);

function add(state: AccountState, number: number, over: Parameters<typeof apiCall>[0] = {}): void {
  const call = apiCall({ event_id: `evt_${number}`, prompt_text: `Name river ${number}.`, ...over });
  const minute = state.minutes[0] ?? openMinute(state, T);
  assert.ok(addEventId(minute, call.event_id));
  const enriched = enrich(call);
  addToMinute(minute, enriched, linkAttributes(enriched));
}

test('an account is read as it was written: an open minute, an hour, and what was reported', () => {
  const state = createAccountState();
  add(state, 1);
  add(state, 2, {
    account_id: '__proto__',
    user_agent: '\u202e',
    request_model: 'constructor',
    source_ip: 'fe80::1%eth0',
  });
  assert.deepEqual(plain(roundTrip(state)), plain(state));
  const minute = takeMinute(state, T);
  assert.ok(minute !== null);
  mergeIntoHour(state, minute);
  takeUnreported(state, minute.attributes, T + 60_000);
  assert.ok(state.hours.length === 1 && state.reported.keys.length > 0);
  assert.deepEqual(plain(roundTrip(state)), plain(state));
  assert.deepEqual(plain(roundTrip(createAccountState())), plain(createAccountState()));
});

test('event ids are still known, few or many, and a repetition is one', () => {
  for (const count of [1, 16, 17, 200]) {
    const state = createAccountState();
    for (let number = 0; number < count; number++) add(state, number);
    const [minute] = roundTrip(state).minutes;
    assert.ok(minute !== undefined);
    assert.ok(!addEventId(minute, 'evt_0') && !addEventId(minute, `evt_${count - 1}`));
    assert.ok(addEventId(minute, 'evt_another'));
  }
});

test('what was read can be added to as what was written', () => {
  const written = createAccountState();
  add(written, 1);
  const read = roundTrip(written);
  for (const state of [written, read]) for (let number = 2; number < 40; number++) add(state, number);
  assert.deepEqual(plain(read), plain(written));
});

test('an account with one call weighs less than a kilobyte', () => {
  const state = createAccountState();
  add(state, 1, {
    prompt_text: 'Translate this sentence into French: good morning',
    tools_hash: 't_1',
    temperature: 0.7,
  });
  assert.ok(rows.encode(state).length < 900, `${rows.encode(state).length} bytes`);
});
