import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cached } from '../../services/calls/cached.ts';

test('what comes again is not computed again, however much else comes between, as long as it does come again', () => {
  let computed = 0;
  const lengthOf = cached((text) => {
    computed++;
    return text.length;
  });
  for (let i = 0; i < 300_000; i++) {
    assert.equal(lengthOf(`other ${i}`), `other ${i}`.length);
    if (i % 50_000 === 0) assert.equal(lengthOf('the one that comes again'), 24);
  }
  assert.equal(computed, 300_001);
});

test('what nobody asks for is forgotten, so that a flood of texts does not fill the memory', () => {
  const seen: string[] = [];
  const same = cached((text) => {
    seen.push(text);
    return text;
  });
  same('once');
  for (let i = 0; i < 300_000; i++) same(String(i));
  same('once');
  assert.equal(seen.filter((text) => text === 'once').length, 2);
});
