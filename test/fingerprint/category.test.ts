import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CATEGORIES } from '../../services/fingerprint/categories.ts';
import { fingerprint } from './support.ts';

/** Wording of our own. */
const ASKS: Readonly<Record<string, readonly string[]>> = {
  code: [
    'Write a Python function that merges two sorted lists.',
    'Fix it.\n```\nlet x = ;\n```',
    '用Python写一个排序函数。',
  ],
  mathematics: ['Solve for x: 3x - 4 = 11', 'How much is 12 * 7 + 3?', '证明根号三是无理数。'],
  judging: [
    'Score the response from 1 to 10 for accuracy.\n\nResponse: Paris.',
    '请给下面的回答打分，满分10分。\n回答：巴黎',
  ],
  task_generation: ['Generate 10 diverse instructions for a language model.', '请生成20条多样化的任务指令。'],
  rewriting: ['Shorten this text to 50 words.\n\nThe ship left port.', '润色一下这段话：船离港了。'],
  translation: ["Translate the ship's log into French: wind from the east", '把下面的话翻译成英文：东风'],
  summarising: ['Summarise the report in one line.\n\nThe ship left port.', '总结这篇文章。\n船离港了。'],
  extraction: ['Extract all names from the text.\n\nAnna met Bob.', '提取文本中的人名。\n安娜遇见鲍勃。'],
  question_answering: ['What is the capital of Chile?', '智利的首都是什么？'],
  creative_writing: ['Write a poem about the sea.', '写一首关于大海的诗。'],
  conversation: ['Hello, how are you?', '你好'],
  agent: ['Use the following tools to finish the job.\n<tool_call>ls</tool_call>', '你可以调用工具完成任务。'],
  other: ['Blue or green.', ''],
};

for (const [category, requests] of Object.entries(ASKS))
  for (const request of requests)
    test(`${JSON.stringify(request.slice(0, 40))} is ${category}`, () =>
      assert.equal(fingerprint(request).category, category));

/** Fillings behind a label, as in fingerprint.test.ts. */
const TEMPLATES: readonly ((filling: string) => string)[] = [
  (filling) => `Condense the note below into one sentence for a summary.\n\nNote: ${filling}\n\nSummary:`,
  (filling) => `Translate the ship's log into plain English: ${filling}`,
  (filling) => `请把下面的菜谱翻译成法语。\n\n菜谱：${filling}`,
];

test('a template is labelled alike whatever fills it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...TEMPLATES),
      fc.lorem({ maxCount: 40 }),
      fc.lorem({ maxCount: 40 }),
      (template, one, other) => {
        assert.equal(fingerprint(template(one)).category, fingerprint(template(other)).category);
      },
    ),
  );
});

test('any string has a category that the binary form knows', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      assert.ok(CATEGORIES.includes(fingerprint(text).category));
    }),
  );
});
