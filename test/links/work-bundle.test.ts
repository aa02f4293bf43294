import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LINK_SETTINGS } from '../../services/links/settings.ts';
import { bundles, shareOfWork, type WorkBundle } from '../../services/links/work-bundle.ts';
import type { UnitHistory } from '../../services/links/work-log.ts';
import { type SeededRandom, seededRandom } from '../support/random.ts';
import { names } from './world.ts';

const BINS = 3 * 288;

/** Records of work by unit, as the work log gives them. */
function createRecord() {
  const units = new Map<string, Map<string, number[]>>();
  return {
    call(id: string, unit: string, random: SeededRandom): void {
      const calls = units.get(unit) ?? new Map<string, number[]>();
      units.set(unit, calls);
      calls.set(id, [...(calls.get(id) ?? []), random.below(BINS)]);
    },
    histories: (): UnitHistory[] =>
      [...units].map(([unit, calls]) => ({ unit, calls, sighted: calls, fillings: { known: calls.size, again: 0 } })),
  };
}

/** One of so many, the first ones far more often than the last. */
const popular = (among: number, random: SeededRandom): number => Math.floor(among * random.next() ** 3);

/** A pool that harvests with half of its calls and resells with the other half, among the people whose prompts it resells: twenty for each of its accounts. */
function resellingPool(seed: number): WorkBundle[] {
  const random = seededRandom(seed);
  const record = createRecord();
  for (const id of names('pool', 100))
    for (let call = 0; call < 60; call++) record.call(id, `harvest${random.below(12)}`, random);
  for (const id of names('pool', 100))
    for (let call = 0; call < 60; call++) record.call(id, `prompt${popular(2_000, random)}`, random);
  for (const id of names('customer', 2_000)) {
    const own = Array.from({ length: 4 }, () => popular(2_000, random));
    const calls = Math.ceil(Math.exp(3 + 1.5 * (random.next() + random.next() + random.next() - 1.5)));
    for (let call = 0; call < calls; call++) record.call(id, `prompt${own[random.below(4)]}`, random);
  }
  return bundles(record.histories(), DEFAULT_LINK_SETTINGS.queue);
}

for (const seed of [1, 2, 3]) {
  test(`what a pool harvests is taken together, without what it resells and whose that is (seed ${seed})`, () => {
    const [bundle, ...others] = resellingPool(seed).filter(
      ({ units }) => units.filter((unit) => unit.startsWith('harvest')).length > 1,
    );
    assert.deepEqual(others, []);
    const resold = (bundle?.units ?? []).filter((unit) => !unit.startsWith('harvest'));
    // What is popular gives some bundle its name, since most do it; it brings nobody along.
    assert.ok(resold.length <= 1, resold.join());
    assert.ok((bundle?.units.length ?? 0) >= 12);
    const crowd = [...(bundle?.calls.keys() ?? [])];
    assert.ok(crowd.length >= 99 && crowd.every((id) => id.startsWith('pool')));
  });
}

test('a popular template whose users do it unevenly comes after the queue’s, though more accounts do it', () => {
  const random = seededRandom(4);
  const record = createRecord();
  const pool = names('pool', 60);
  for (const id of pool) for (let call = 0; call < 20; call++) record.call(id, `queue${random.below(3)}`, random);
  const customers = names('customer', 50);
  for (const id of [...pool.slice(0, 40), ...customers])
    for (let call = 0; call < (id === customers[0] ? 500 : 2); call++) record.call(id, 'popular', random);
  const [first] = bundles(record.histories(), DEFAULT_LINK_SETTINGS.queue);
  assert.match(first?.name ?? '', /^queue/);
  assert.ok([...(first?.calls.keys() ?? [])].every((id) => id.startsWith('pool')));
});

test('the share of work is of all calls on it, those of whoever is of no core included', () => {
  const [bundle] = resellingPool(1);
  assert.ok(bundle !== undefined);
  const everybody = bundle.own.flatMap(({ calls }) => [...calls.keys()]);
  assert.equal(shareOfWork(bundle, everybody), 1);
  assert.equal(shareOfWork(bundle, []), 0);
  const [first] = everybody;
  assert.ok(first !== undefined);
  const others = everybody.filter((id) => id !== first);
  assert.ok(Math.abs(shareOfWork(bundle, [first]) + shareOfWork(bundle, others) - 1) < 1e-12);
});
