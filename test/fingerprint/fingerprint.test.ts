import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFingerprinter } from '../../services/fingerprint/fingerprint.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import { fingerprint, meet } from './support.ts';

/** Our own, one of each shape: labels, several labels, a tag, a slot in the first sentence, Chinese. */
const TEMPLATES: readonly ((filling: string) => string)[] = [
  (filling) => `Work out the exercise below and hand in every intermediate result.\n\nProblem: ${filling}\n\nWorking:`,
  (filling) => `Mark the pupil's essay between 1 and 6 for style and facts.\n\n### Essay\n${filling}\n\n### Mark\n`,
  (filling) => `Condense what the visitor wrote into one line for the warden.\n<visitor>\n${filling}\n</visitor>`,
  (filling) => `Translate the ship's log into plain English: ${filling}`,
  (filling) => `请为下面的菜谱写一个简短的标题。\n\n菜谱：${filling}\n\n标题：`,
];

/** Free prose: words of any script without line breaks, colons or signs that open a label. */
const prose = fc
  .array(fc.stringMatching(/^[a-z]{1,12}$|^[0-9]{1,6}$|^[\u4e00-\u9fa5]{1,4}$|^[\u0430-\u044f]{1,9}$/), {
    minLength: 1,
    maxLength: 60,
  })
  .map((words) => words.join(' '));

test('the same template with other fillings has the same template hash', () => {
  fc.assert(
    fc.property(fc.constantFrom(...TEMPLATES), prose, prose, (template, one, other) => {
      assert.equal(fingerprint(template(one)).template, fingerprint(template(other)).template);
    }),
  );
});

test('the same template with other fillings meets in a band', () => {
  fc.assert(
    fc.property(fc.constantFrom(...TEMPLATES), prose, prose, (template, one, other) => {
      assert.ok(meet(fingerprint(template(one)), fingerprint(template(other))));
    }),
  );
});

test('different templates differ and do not meet, whatever fills them', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...TEMPLATES], { minLength: 2, maxLength: 2 }),
      prose,
      prose,
      ([a, b], one, other) => {
        assert.ok(a !== undefined && b !== undefined);
        assert.notEqual(fingerprint(a(one)).template, fingerprint(b(other)).template);
      },
    ),
  );
  const prints = TEMPLATES.map((template, i) =>
    fingerprint(template(`filling ${'alpha beta gamma delta epsilon'.split(' ')[i]} ${i}`)),
  );
  for (const [i, a] of prints.entries()) for (const b of prints.slice(i + 1)) assert.ok(!meet(a, b));
});

test('other wording of one instruction meets although its template hash differs', () => {
  const one = fingerprint(
    'Grade the essay of this pupil between 1 and 6 for style, facts and length, then name its two weakest sentences.\n\nEssay: the sea is wide',
  );
  const other = fingerprint(
    'Please grade the essay of this student between 1 and 6 for style, facts and length, then name its two weakest sentences.\n\nEssay: my dog is old',
  );
  assert.notEqual(one.template, other.template);
  assert.ok(meet(one, other));
});

test('filling tells texts apart; case, wrapping and full-width letters do not', () => {
  const { filling } = fingerprint('Sum up: the cat sat on the mat');
  assert.equal(fingerprint('  Sum up:\n the CAT   sat on\tthe ｍａｔ ').filling, filling);
  assert.notEqual(fingerprint('Sum up: the cat sat on the mats').filling, filling);
});

test('any string has a fingerprint, twice the same, of fixed shape', async () => {
  const again = createFingerprinter(createHasher('test'));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string({ maxLength: 300 }),
        fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
      ),
      (text) => {
        const print = fingerprint(text);
        assert.deepEqual(again.fingerprint(text), print);
        assert.match(print.template, /^[0-9a-f]{16}$/);
        assert.match(print.filling, /^[0-9a-f]{16}$/);
        assert.equal(print.length, text.length);
        assert.ok(print.bands.every((band) => Number.isInteger(band) && band >= 0 && band <= 0xffffffff));
      },
    ),
    { numRuns: 500 },
  );
});

test('another key gives other hashes and the same markers', async () => {
  const text = TEMPLATES[0]?.('two trains leave at noon') ?? '';
  const here = fingerprint(text);
  const there = createFingerprinter(createHasher('another')).fingerprint(text);
  assert.notEqual(there.template, here.template);
  assert.notEqual(there.filling, here.filling);
  assert.ok(!meet(here, there));
  assert.equal(there.markers, here.markers);
});

test('a prompt leaves no trace in the next one', () => {
  const before = fingerprint('short: x');
  fingerprint(`Explain your reasoning step by step.\n${'label: value\n'.repeat(500)}`);
  assert.deepEqual(fingerprint('short: x'), before);
});

test('only the ends of a long prompt are looked at, but all of it makes the filling', () => {
  const long = (middle: string): string =>
    `Sum up the report.\n\n${'word '.repeat(2_000)}${middle}${' word'.repeat(2_000)}\n\nSummary:`;
  const one = fingerprint(long('Rate the answer on a scale of 1 to 10. Show your reasoning.'));
  const other = fingerprint(long('nothing'));
  assert.equal(one.markers, 0);
  assert.equal(one.template, other.template);
  // The last band is of labels; with fewer than three it stands for the text.
  assert.deepEqual(one.bands.slice(0, -1), other.bands.slice(0, -1));
  assert.notEqual(one.filling, other.filling);
});
