import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskInto } from '../../services/fingerprint/mask.ts';
import { endsOf, HEAD, normalise, TAIL } from '../../services/fingerprint/normalise.ts';
import { createTokens, spelling, type Tokens } from '../../services/fingerprint/tokens.ts';

function masked(text: string): Tokens {
  const tokens = createTokens(HEAD + TAIL + 2);
  maskInto(tokens, endsOf(normalise(text)), 7);
  return tokens;
}

const words = (text: string): string => {
  const tokens = masked(text);
  return Array.from({ length: tokens.count }, (_, at) => spelling(tokens, at)).join(' ');
};

const labels = (text: string): string[] => {
  const tokens = masked(text);
  return tokens.labels.map(({ from, to }) =>
    Array.from({ length: to - from }, (_, i) => spelling(tokens, from + i)).join(' '),
  );
};

test('numbers, dates and ids with digits become one sign', () => {
  assert.equal(words('Order W7273336 of 2026-05-01, 3rd item: 1,000.50'), 'order 0 of 0 item 0');
});

test('quotations, formulas, inline code and unfilled placeholders are masked', () => {
  assert.equal(
    words('Say "good night" to {{ name }} and run `rm -r x` for $x^2 + y$ now'),
    'say _ to _ and run _ for _ now',
  );
  assert.equal(words('他说「晚安」 和 “再见”'), '他 说 _ 和 _');
});

test('a code block is masked over its lines, also one that does not end', () => {
  assert.equal(words('Mend this:\n```js\nlet a = "b";\n```\nplease'), 'mend this _ please');
  assert.equal(words('Mend this:\n```js\nlet a = 1;\nlet c'), 'mend this _');
});

test('URLs and e-mail addresses are masked whole', () => {
  assert.equal(
    words('see https://a.example/x?y=z#q and write to jo.doe@mail.example today'),
    'see _ and write to _ today',
  );
});

test('prices, apostrophes and lone quotation marks mask nothing', () => {
  assert.equal(words('don\'t pay $5 or $10 for a 3" pipe'), "don't pay 0 or 0 for a 0 pipe");
});

test('very long words are masked, ordinary compounds are not', () => {
  assert.equal(words(`key ${'x'.repeat(40)} of the Donaudampfschifffahrt`), 'key _ of the donaudampfschifffahrt');
});

test('labels are short beginnings of lines with a colon, headings and tags', () => {
  assert.deepEqual(
    labels(
      'Do it.\nProblem: x is: y\n### Response A\n<notes>\n[Begin Data]\nthis line is far too long to be one: x\n问题：几点？',
    ),
    ['problem', 'response a', 'notes', 'begin data', '问 题'],
  );
  assert.deepEqual(labels('at 10:30 it rains, see a::b'), []);
});

/** Counts looks at single characters instead of time, which on a busy machine proves nothing. */
function looksAtCharacters(work: () => void): number {
  const original = String.prototype.charCodeAt;
  let looks = 0;
  String.prototype.charCodeAt = function (at) {
    looks++;
    return original.call(this, at);
  };
  try {
    work();
  } finally {
    String.prototype.charCodeAt = original;
  }
  return looks;
}

test('inputs made of opening signs are looked at a few times a character, however long they are', () => {
  const SIZE = 20_000;
  const tokens = createTokens(SIZE + 1);
  for (const unit of [
    '{',
    '"x\n',
    '“',
    '`',
    '$a ',
    'a@',
    'a:',
    'a://b',
    "a'",
    '#\n',
    '1.',
    '1-',
    '<',
    'a_',
    '「{“',
    '「{“\n',
    '``` ',
    'x{"`$a',
  ]) {
    const text = unit.repeat(SIZE / unit.length);
    const looks = looksAtCharacters(() => maskInto(tokens, text, 7));
    assert.ok(looks >= text.length / 10, 'counted');
    assert.ok(
      looks < 6 * text.length,
      `${JSON.stringify(unit)}: ${(looks / text.length).toFixed(1)} looks a character`,
    );
  }
});
