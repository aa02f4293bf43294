import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withFewMarks } from '../../services/fingerprint/combining-marks.ts';
import { normalise } from '../../services/fingerprint/normalise.ts';

const GRAVE = '\u0300';

test('what people write stays as it is', () => {
  for (const text of [
    'Résumé, déjà vu',
    'कृपया निम्नलिखित पाठ का सारांश लिखें',
    'בְּרֵאשִׁית בָּרָא אֱלֹהִים',
    'ﾊﾟﾋﾟﾌﾟ',
    `z${GRAVE.repeat(30)}a${GRAVE.repeat(30)}`,
    '👩‍👩‍👧 \u{1d165}',
    '\ud800\u0300 \udc00',
  ])
    assert.equal(withFewMarks(text), text);
});

test('of a letter with more marks than any language has, thirty are kept, in the basic plane and above', () => {
  assert.equal(withFewMarks(`a${GRAVE.repeat(40)}b${GRAVE}`), `a${GRAVE.repeat(30)}b${GRAVE}`);
  assert.equal(withFewMarks('\u{1e8d0}\uff9e'.repeat(20)), '\u{1e8d0}\uff9e'.repeat(15));
  assert.equal(withFewMarks(GRAVE.repeat(31)), GRAVE.repeat(30));
});

test('the time to normalise marks out of their order grows with their number, not with its square', () => {
  const time = (marks: number): number => {
    const text = `a${'\u0315\u0300\uff9e\u05ae\u0301'.repeat(marks / 5)}`;
    const begun = process.threadCpuUsage();
    normalise(text);
    const { user, system } = process.threadCpuUsage(begun);
    return user + system;
  };
  time(1_000);
  // Without the limit it was 16 s for 64,000.
  assert.ok(time(1_000_000) < 2_000_000, 'a million marks in two seconds');
});
