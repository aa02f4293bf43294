import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dominantScript, isNonLatin } from '../../services/fingerprint/script.ts';

const CASES: readonly [text: string, script: string][] = [
  ['', 'none'],
  ['123 456 !? 🎉', 'none'],
  ['What is the tallest tower?', 'latin'],
  ['Où est la bibliothèque, s’il vous plaît ?', 'latin'],
  ['请写出完整的推理过程', 'han'],
  ['𠀀𠀁𠀂 ok', 'han'],
  ['この文章を要約してください。東京都庁舎', 'kana'],
  ['이 문장을 요약해 주세요', 'hangul'],
  ['Объясни это простыми словами', 'cyrillic'],
  ['اشرح هذا النص', 'arabic'],
  ['इस पाठ को समझाइए', 'devanagari'],
  ['אנא סכם את הטקסט', 'other'],
  ['const a = {b: [1, 2]}; if (a.b[0] > 1) { f(a); }', 'code'],
  ['请解释代码 const a = {b: [1]};', 'code'],
  ['请解释下面这段代码的作用并且指出其中的错误 f(a);', 'han'],
];

for (const [text, script] of CASES) {
  test(`${JSON.stringify(text.slice(0, 24))} is ${script}`, () => assert.equal(dominantScript(text), script));
}

test('source code is no foreign language', () => {
  assert.deepEqual(['latin', 'code', 'none', 'han', 'other'].map(isNonLatin), [false, false, false, true, true]);
});
