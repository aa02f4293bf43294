import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFingerprinter } from '../../services/fingerprint/fingerprint.ts';
import { createHasher, type Hasher } from '../../services/fingerprint/hasher.ts';
import { addHash, createSketch, estimate } from '../../services/records/distinct-sketch.ts';
import { type TemplateCount, withTemplateCall } from '../../services/records/template-counts.ts';
import { xxhash64 } from './xxhash64.ts';

const T = Date.UTC(2026, 3, 22);

test('an event is hashed by the key of its own time, whichever hasher is asked', () => {
  const older = createHasher('the old key');
  const newer = createHasher('the new key');
  const rotated = createHasher('the new key', { key: 'the old key', until: T });
  assert.notEqual(older.hash64('x'), newer.hash64('x'));
  for (const hasher of [rotated, rotated.at(T - 1), rotated.at(T)]) {
    assert.equal(hasher.at(T - 1).hash64('x'), older.hash64('x'));
    assert.equal(hasher.at(T).hash64('x'), newer.hash64('x'));
    assert.equal(hasher.at(T - 1).hash32('x'), older.hash32('x'));
  }
  assert.equal(rotated.hash64('x'), newer.hash64('x'));
  assert.equal(newer.at(0), newer);
});

test('a gateway and the detector make the same fingerprint on both sides of a rotation', () => {
  const rotated = createFingerprinter(createHasher('the new key', { key: 'the old key', until: T }));
  const text = 'Translate this sentence into French: good morning';
  for (const [time, key] of [
    [T - 1, 'the old key'],
    [T, 'the new key'],
  ] as const)
    assert.deepEqual(rotated.at(time).fingerprint(text), createFingerprinter(createHasher(key)).fingerprint(text));
  const { template, filling, ...independent } = rotated.at(T).fingerprint(text);
  const before = rotated.at(T - 1).fingerprint(text);
  assert.ok(template !== before.template && filling !== before.filling);
  assert.deepEqual(
    [independent.markers, independent.category, independent.script, independent.length],
    [before.markers, before.category, before.script, before.length],
    'what is judged of a prompt does not depend on the key',
  );
});

/** What an attacker who knows the method and not the key can do: the keys are tried one after the other. */
const KEYS = Array.from({ length: 100 }, (_, i) => createHasher(`key ${i}`));

test('texts that collide under every seed of a fast hash do not collide here', () => {
  const padding = '_'.repeat(24);
  const pairs = [
    ['a5!~!!=7', '!!!!A!!!', "!!t!'?!!", '!!!!!8!E'],
    ['!!!!!1fL', '!i!!XG!"', '!!!!!!!!', "!!'!!!`!"],
  ].map(([a, b, c, d]) => [a + padding + b + padding, c + padding + d + padding] as const);
  for (const [one, other] of pairs) {
    for (let seed = 0n; seed < 200n; seed++) {
      const scattered = (seed * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
      assert.equal(xxhash64(one, scattered), xxhash64(other, scattered), 'they do collide there');
    }
    for (const hasher of KEYS) {
      assert.notEqual(hasher.hash64(one), hasher.hash64(other));
      assert.notEqual(hasher.hash32(one), hasher.hash32(other));
    }
  }
});

test('collisions found for one key are none for another', () => {
  const [mine, theirs] = [createHasher('mine'), createHasher('theirs')];
  const seen = new Map<number, string>();
  const pairs: [string, string][] = [];
  for (let i = 0; pairs.length < 5; i++) {
    const text = `text ${i}`;
    const hash = mine.hash32(text);
    const other = seen.get(hash);
    if (other === undefined) seen.set(hash, text);
    else pairs.push([text, other]);
  }
  for (const [one, other] of pairs) assert.notEqual(theirs.hash32(one), theirs.hash32(other));
});

test('values that one key puts in one register of a sketch are counted under another', () => {
  const [mine, theirs] = [createHasher('mine'), createHasher('theirs')];
  const chosen: string[] = [];
  for (let i = 0; chosen.length < 500; i++) if (mine.hash32(`value ${i}`) >>> 22 === 0) chosen.push(`value ${i}`);
  const counted = (hasher: Hasher): number => {
    const sketch = createSketch();
    for (const value of chosen) addHash(sketch, hasher.hash32(value));
    return estimate(sketch);
  };
  assert.ok(counted(mine) < 10, 'who knows the key hides 500 values');
  assert.ok(Math.abs(counted(theirs) - 500) < 50, 'who does not, hides none');
});

test('templates that one key leaves out of a window are kept under another as any are', () => {
  const [mine, theirs] = [createHasher('mine'), createHasher('theirs')];
  const chosen: string[] = [];
  // Above all of the 128 that are kept of 10,000 others.
  for (let i = 0; chosen.length < 2_000; i++) if (mine.hash64(`template ${i}`) > '8') chosen.push(`template ${i}`);
  const kept = (hasher: Hasher): number => {
    let templates: TemplateCount[] = [];
    const others = Array.from({ length: 10_000 }, (_, i) => `other ${i}`);
    for (const template of [...others, ...chosen])
      templates = withTemplateCall(templates, hasher.hash64(template), 1, false);
    const hashes = new Set(chosen.map((template) => hasher.hash64(template)));
    return templates.filter(({ template }) => hashes.has(template)).length;
  };
  assert.equal(kept(mine), 0);
  // A sixth of 128, by chance.
  assert.ok(kept(theirs) > 5 && kept(theirs) < 45, `${kept(theirs)} kept`);
});

test('units of work that one key puts in one slot of the crowd sketch are in different ones under another', () => {
  const [mine, theirs] = [createHasher('mine'), createHasher('theirs')];
  const seen = new Map<number, string>();
  const slot = (hasher: Hasher, unit: string): number => hasher.hash32(unit) >>> 10;
  let together = 0;
  let still = 0;
  for (let i = 0; i < 50_000; i++) {
    const unit = `unit ${i}`;
    const other = seen.get(slot(mine, unit));
    if (other === undefined) seen.set(slot(mine, unit), unit);
    else {
      together++;
      if (slot(theirs, unit) === slot(theirs, other)) still++;
    }
  }
  assert.ok(together > 100, `${together} pairs`);
  assert.equal(still, 0);
});
