import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFingerprinter } from '../../services/fingerprint/fingerprint.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';

const T = Date.UTC(2026, 3, 22);

test('an event is hashed by the key of its own time, whichever hasher is asked', async () => {
  const older = await createHasher('the old key');
  const newer = await createHasher('the new key');
  const rotated = await createHasher('the new key', { key: 'the old key', until: T });
  assert.notEqual(older.hash64('x'), newer.hash64('x'));
  for (const hasher of [rotated, rotated.at(T - 1), rotated.at(T)]) {
    assert.equal(hasher.at(T - 1).hash64('x'), older.hash64('x'));
    assert.equal(hasher.at(T).hash64('x'), newer.hash64('x'));
    assert.equal(hasher.at(T - 1).hash32('x'), older.hash32('x'));
  }
  assert.equal(rotated.hash64('x'), newer.hash64('x'));
  assert.equal(newer.at(0), newer);
});

test('a gateway and the detector make the same fingerprint on both sides of a rotation', async () => {
  const rotated = createFingerprinter(await createHasher('the new key', { key: 'the old key', until: T }));
  const text = 'Translate this sentence into French: good morning';
  for (const [time, key] of [
    [T - 1, 'the old key'],
    [T, 'the new key'],
  ] as const)
    assert.deepEqual(
      rotated.at(time).fingerprint(text),
      createFingerprinter(await createHasher(key)).fingerprint(text),
    );
  const { template, filling, ...independent } = rotated.at(T).fingerprint(text);
  const before = rotated.at(T - 1).fingerprint(text);
  assert.ok(template !== before.template && filling !== before.filling);
  assert.deepEqual(
    [independent.markers, independent.category, independent.script, independent.length],
    [before.markers, before.category, before.script, before.length],
    'what is judged of a prompt does not depend on the key',
  );
});
