import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY } from '../../services/records/window.ts';
import { createRulesTimeline, type RulesVersion } from '../../services/rules/version.ts';
import { createTrackedTables } from '../../services/stream/tracked-tables.ts';
import { RULES } from './rules-text.ts';

/** Times are far enough apart that versions are forgotten on the way. */
const HALF_A_DAY = DAY / 2;

const version = (effective_at: number, published_at: number, hash: string): RulesVersion => ({
  effective_at,
  published_at,
  origin: 'file',
  rules: { ...RULES, hash },
});
const timeline = () => createRulesTimeline(createTrackedTables().table<RulesVersion>('rules'));

test('the version that took effect last holds; of two for one moment the one published last', () => {
  const rules = timeline();
  for (const one of [version(0, 1, 'a'), version(10, 3, 'c'), version(10, 2, 'b')]) rules.add(one);
  assert.deepEqual(
    [9, 10, 11].map((time) => rules.at(time).hash),
    ['a', 'c', 'c'],
  );
});

test('versions that were over a day ago are forgotten, later ones are not', () => {
  const table = createTrackedTables().table<RulesVersion>('rules');
  const rules = createRulesTimeline(table);
  for (const one of [version(0, 0, 'a'), version(DAY, 0, 'b'), version(3 * DAY, 0, 'c')]) rules.add(one);
  assert.equal(rules.at(2 * DAY).hash, 'b');
  assert.deepEqual(
    [...table.entries()].map(
      ([
        ,
        {
          rules: { hash },
        },
      ]) => hash,
    ),
    ['b', 'c'],
  );
});

test('nothing in force is said, with what to do', () => {
  const rules = timeline();
  rules.add(version(10, 1, 'a'));
  assert.throws(() => rules.at(9), /rules apply/);
});

test('the order in which versions are read does not matter, nor does forgetting those that are over', () => {
  const anyVersion = fc
    .record({ effective: fc.nat({ max: 5 }), published: fc.nat({ max: 3 }), hash: fc.constantFrom('a', 'b', 'c') })
    .map(({ effective, published, hash }) => version(effective * HALF_A_DAY, published, hash));
  fc.assert(
    fc.property(fc.array(anyVersion, { minLength: 1 }), fc.integer(), (versions, seed) => {
      const all = [version(0, 0, 'first'), ...versions];
      const turned = [...all.slice(Math.abs(seed) % all.length), ...all.slice(0, Math.abs(seed) % all.length)];
      const hashes = (some: RulesVersion[], times: number[]): string[] => {
        const rules = timeline();
        for (const one of some) rules.add(one);
        return times.map((time) => rules.at(time).hash);
      };
      const times = [0, 1, 2, 3, 4, 5, 6].map((half) => half * HALF_A_DAY);
      assert.deepEqual(hashes(turned, times), hashes(all, times));
      for (const [at, time] of times.entries()) assert.deepEqual(hashes(all, [time]), [hashes(all, times)[at]]);
    }),
  );
});
