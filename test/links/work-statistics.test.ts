import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCrowdSketch } from '../../services/links/crowd-sketch.ts';
import { DEFAULT_LINK_SETTINGS } from '../../services/links/settings.ts';
import { bundles } from '../../services/links/work-bundle.ts';
import type { UnitHistory } from '../../services/links/work-log.ts';
import { readWork } from '../../services/links/work-sighting.ts';
import {
  hasTimetable,
  irregularity,
  leastQuarter,
  recurrence,
  superposition,
  unevenness,
  type WorkHistory,
} from '../../services/links/work-statistics.ts';
import { createTrackedTables } from '../../services/stream/tracked-tables.ts';
import { seededRandom } from '../support/random.ts';
import { names } from './world.ts';

const DAYS = 4;
const BINS = DAYS * 288;
const HOUR = 12;

function history(id: string, bins: number[]): WorkHistory {
  return { id, bins: bins.sort((a, b) => a - b), exposure: BINS };
}

function atRandom(accounts: number, calls: number): WorkHistory[] {
  const random = seededRandom(accounts);
  return names('a', accounts).map((id) =>
    history(
      id,
      Array.from({ length: calls }, () => random.below(BINS)),
    ),
  );
}

/** Sessions of five hours every twenty, one account after another; `alone`: whenever each likes. */
function inSessions(accounts: number, alone: boolean): WorkHistory[] {
  const random = seededRandom(accounts);
  return names('s', accounts).map((id, i) => {
    const bins: number[] = [];
    const first = alone ? random.below(20 * HOUR) : (i % 4) * 5 * HOUR;
    for (let start = first - 20 * HOUR; start < BINS; start += 20 * HOUR) {
      for (let call = 0; call < 20; call++) bins.push(start + random.below(5 * HOUR));
    }
    return history(
      id,
      bins.filter((bin) => bin >= 0 && bin < BINS),
    );
  });
}

test('rates are uneven by what chance does not explain', () => {
  assert.ok(unevenness(atRandom(40, 60)).excess < 0.02);
  const spread = atRandom(40, 60).map((one, i) => ({ ...one, bins: one.bins.slice(0, i % 2 === 0 ? 60 : 6) }));
  assert.ok(unevenness(spread).excess > 0.5);
  assert.deepEqual(unevenness([]), { rate: 0, excess: 0 });
});

test('calls at random recur like anybody’s; sittings, sleep and daily hours show', () => {
  const { sittingsExpected, ...random } = recurrence(atRandom(40, 60));
  assert.ok(sittingsExpected > 100);
  for (const value of Object.values(random)) assert.ok(value > 0.85 && value < 1.15, JSON.stringify(random));
  const source = seededRandom(5);
  const people = names('p', 40).map((id, person) =>
    history(
      id,
      Array.from({ length: DAYS * 3 }, (_, i) => Math.floor(i / 3) * 288 + person * 7 + source.below(8 * HOUR)).flatMap(
        (start) => [start, start + 1, start + 1].filter((bin) => bin < BINS),
      ),
    ),
  );
  const { bursts, sittings, roundTheClock, daily } = recurrence(people);
  assert.ok(bursts > 1.5 && sittings > 2 && roundTheClock < 0.6 && daily > 1.4, JSON.stringify(recurrence(people)));
});

test('a group’s own day and pauses do not make its accounts recur', () => {
  const source = seededRandom(6);
  const shift = names('p', 40).map((id) =>
    history(
      id,
      Array.from({ length: 60 }, () => source.below(DAYS) * 288 + 8 * HOUR + source.below(6 * HOUR)),
    ),
  );
  const { sittings, daily } = recurrence(shift);
  assert.ok(sittings < 1.15 && daily < 1.15);
});

test('accounts that take turns make a smoother sum than independent ones with the same sessions', () => {
  const blocks = { from: 0, to: BINS, block: 4 * HOUR, lag: 2 };
  const turns = superposition(inSessions(40, false), blocks);
  const alone = superposition(inSessions(40, true), blocks);
  assert.ok(turns.ratio < 0.3, `${turns.ratio}`);
  assert.ok(alone.ratio > 0.4 && Math.abs(alone.deviations) < 2, JSON.stringify(alone));
  assert.deepEqual(superposition([], blocks), { ratio: 1, deviations: 0 });
});

test('a timetable is a few places of the hour; clocks have no spread of pauses, chance has', () => {
  const hourly = Array.from({ length: 48 }, (_, i) => i * HOUR + 3);
  const drifting = Array.from({ length: 48 }, (_, i) => i * 13);
  assert.equal(hasTimetable(hourly), true);
  assert.equal(hasTimetable(drifting), false);
  assert.equal(hasTimetable(hourly.slice(0, 5)), false);
  assert.equal(irregularity([history('a', drifting)]), 0);
  assert.ok(irregularity(atRandom(10, 60)) > 1);
});

test('a quarter of the day without calls, or not seen yet, is nothing', () => {
  assert.ok(leastQuarter(atRandom(40, 60), 0, BINS) > 0.8);
  const day = atRandom(40, 60).map(({ id, bins }) =>
    history(
      id,
      bins.filter((bin) => bin % 288 > 80),
    ),
  );
  assert.ok(leastQuarter(day, 0, BINS) < 0.1);
  assert.equal(leastQuarter(atRandom(4, 60), 0, 100), 0);
});

test('units with the same accounts are one bundle; a popular one that a few of them use is not of it, and chains tie nobody', () => {
  const unit = (name: string, ids: readonly string[]): UnitHistory => ({
    unit: name,
    calls: new Map(ids.map((id) => [id, [1]])),
    sighted: new Set(ids),
    fillings: { known: 0, again: 0 },
  });
  const mine = names('mine', 20);
  const theirs = names('theirs', 30);
  const found = bundles(
    [
      unit('a', mine),
      unit('b', mine.slice(0, 15)),
      unit('c', mine.slice(5)),
      unit('popular', [...theirs, ...mine.slice(0, 8)]),
      unit('other', theirs.slice(10)),
      unit('rare', mine.slice(0, 2)),
    ],
    DEFAULT_LINK_SETTINGS.queue,
  );
  assert.deepEqual(
    found.map(({ name, units, calls }) => [name, [...units].sort(), calls.size]),
    [
      ['popular', ['other', 'popular'], 38],
      ['a', ['a', 'b', 'c'], 20],
    ],
  );
});

test('the sketch counts accounts, the same one once', () => {
  const sketch = createCrowdSketch(createTrackedTables());
  assert.equal(sketch.add(1 << 20, 1), 1);
  assert.equal(sketch.add(1 << 20, 1), 1);
  assert.equal(sketch.add(1 << 20, 2), 2);
  assert.equal(sketch.add(0xffffffff, 2), 1);
  sketch.clear();
  assert.equal(sketch.add(1 << 20, 3), 1);
});

test('a work sighting is read back, and nothing else is taken for one', () => {
  assert.deepEqual(readWork('7:t:0000002a:0ab,5cd'), { bin: 7, units: ['t', '0ab', '5cd'], filling: 42 });
  assert.deepEqual(readWork('7:shape::'), { bin: 7, units: ['shape'], filling: null });
  for (const bad of ['', '7', 'x:t:1:', '7::1:']) assert.equal(readWork(bad), null, bad);
});
