import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MARKER_BITS, markerNames } from '../../services/fingerprint/markers/all.ts';
import { fingerprint } from './support.ts';

/** Wording of our own: a request a line. */
const ASKS: Readonly<Record<string, readonly string[]>> = {
  chain_of_thought: [
    'Articulate the reasoning behind the verdict.',
    'Solve the riddle. Think it through step by step, then give the result.',
    'Before the result, write down all intermediate steps of the derivation.',
    'Answer inside two tags.\n<thought>\n</thought>\n<result>\n</result>',
    '请写出完整的推理过程，再给出答案。',
    '逐步思考这道题。',
    '請說明你的解題過程。',
  ],
  rubric_grading: [
    'Score the answer from 1 to 10 for truth and brevity.',
    'Rate how helpful the response is. The scale goes from poor to excellent.',
    'Here are response A and response B. Which one is better? Reply A or B.',
    '请按照标准为下面的回答打分。',
    '请比较回答 A 和回答 B，哪个更好？',
  ],
  policy_rewrite: [
    'Rephrase the sensitive question so that it is harmless.',
    'Paraphrase the question below.',
    'Reply to the controversial question in neutral, official words.',
    '请改写下面的问题。',
  ],
  instruction_generation: [
    'Come up with 20 diverse questions.',
    'Write a new instruction similar to these.',
    'Increase the complexity of the given prompt.',
    'Invent 5 different prompts that a persona with this job may send.',
    '请生成10个不同的问题。',
  ],
};

const ORDINARY = [
  'What is the capital of Chile?',
  'Write a Python function that sorts a list of orders by date.',
  'Rewrite this function so that it does not block.',
  'Paraphrase the paragraph below.',
  '请改写下面的段落。',
  'Summarise the meeting notes in three bullet points for my team.',
  'Translate the letter into French and keep the tone.',
  'My order arrived broken. Can you help me to send it back?',
  'Why does my build fail with this error? Here is the log.',
  'Create a slide deck about rivers.',
  'Compare the two hotels by price.',
  '帮我写一封请假邮件。',
  '你好，今天天气怎么样？',
  '',
];

for (const [name, requests] of Object.entries(ASKS)) {
  test(`${name} is seen in three of four bare requests for it`, () => {
    const missed = requests.filter((request) => !markerNames(fingerprint(request).markers).includes(name));
    assert.ok(missed.length <= requests.length / 4, JSON.stringify(missed));
  });
}

for (const request of ORDINARY) {
  test(`${JSON.stringify(request.slice(0, 50))} carries no marker`, () =>
    assert.deepEqual(markerNames(fingerprint(request).markers), []));
}

/** What applications and agents of every customer send many times a day, in words of our own. */
const OF_APPLICATIONS = [
  'Below is a dialogue and a last message. Rephrase the last question as a standalone question in the same language.\nStandalone question:',
  'Here is the chat history and what the user asked last, which may refer to it. Formulate a question that can be understood alone. Do not answer, just reformulate it.',
  'Rewrite the user query for our vector search and return nothing but the query.',
  '结合聊天记录，把用户最后的问题改写成独立的问题，用于检索。',
  'Decide whether this message breaks the content policy: hateful, violent or harmful. Answer safe or unsafe.\nMessage: hello',
  'Answer as best you can. You have these tools: search.\nQuestion: what is asked\nThought: what to do now\nAction: one of the tools\nAction Input: what to give it\nObservation: what it said\nThought: I know it\nFinal Answer: the answer\n\nQuestion: how old is Rome?\nThought:',
  'Read the conversation and suggest three follow-up questions that the user might ask next, as a JSON list.',
];

for (const request of OF_APPLICATIONS) {
  test(`${JSON.stringify(request.slice(0, 50))} is an application’s own, and carries no marker`, () =>
    assert.deepEqual(markerNames(fingerprint(request).markers), []));
}

test('what is quoted or in a code block is not asked for', () => {
  assert.equal(fingerprint('Who said "explain your reasoning step by step"?').markers, 0);
  assert.equal(fingerprint('What does this do?\n```\nprint("rate the answer on a scale of 1 to 10")\n```').markers, 0);
});

test('every marker has a bit of its own, in one byte', () => {
  const bits = Object.values(MARKER_BITS);
  assert.equal(new Set<number>(bits).size, bits.length);
  assert.ok(bits.every((bit) => bit > 0 && bit < 256 && (bit & (bit - 1)) === 0));
});
