import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNetworkResolver } from '../../services/calls/network.ts';
import { createClientClassifier } from '../../services/calls/user-agent.ts';
import { createFingerprinter } from '../../services/fingerprint/fingerprint.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import { BOMBS } from './kinds/prompts.ts';

/** CPU time of this thread for `times` runs, milliseconds: what else the machine does is left out. The clock ticks every few milliseconds. */
function cost(times: number, work: (run: number) => void): number {
  const begun = process.threadCpuUsage();
  for (let run = 0; run < times; run++) work(run);
  const { user, system } = process.threadCpuUsage(begun);
  return (user + system) / 1_000;
}

const { fingerprint } = createFingerprinter(createHasher('a key for tests'));

const PROMPTS = BOMBS.flatMap((bomb) =>
  ['', '\n', 'a:', '"'].flatMap((between) =>
    ['', '```', '{"', '<a>'].map((opening) => ({ opening, part: bomb + between })),
  ),
);

// 5,000 characters, word by word: what is ordinary takes 0.1 ms, and a step for every pair of characters would take 25.
test('a prompt as long as is looked at word by word is looked at in no time, whatever it holds', () => {
  for (const { opening, part } of PROMPTS) {
    const prompt = opening + part.repeat(5_000 / part.length);
    const milliseconds = cost(5, () => fingerprint(prompt)) / 5;
    assert.ok(milliseconds < 10, `${milliseconds} ms: ${JSON.stringify(opening + part)}`);
  }
});

// Of a longer one the ends are looked at, and the whole is normalised and hashed: 30 ms for what is ordinary, half a minute and more for every pair.
test('a prompt of 400,000 characters takes time in proportion to them', () => {
  for (const { opening, part } of PROMPTS.filter(({ opening }) => opening === '')) {
    const milliseconds = cost(1, () => fingerprint(opening + part.repeat(400_000 / part.length)));
    assert.ok(milliseconds < 1_000, `${milliseconds} ms: ${JSON.stringify(opening + part)}`);
  }
});

test('a user agent is sorted in no time, whatever its sender writes', () => {
  // What took a library of patterns 120 ms in 500 characters.
  const naver = `Mozilla/5.0 ${'NAVER('.repeat(16)}${'0'.repeat(150)}.${'E'.repeat(700)}`;
  const agents = [
    naver,
    ...['Mozilla/5.0 (', '(', ';', ' ', '/', 'a/', 'a/b/', 'Chrome/', 'İ'].map((part) => part.repeat(1_024)),
  ];
  for (const agent of agents) {
    const classify = createClientClassifier();
    const milliseconds = cost(10, (run) => classify(`${agent.slice(0, 1_000)} ${run}`)) / 10;
    assert.ok(milliseconds < 5, `${milliseconds} ms: ${agent.slice(0, 40)}`);
  }
});

test('an address is read in no time, whatever stands in its place', () => {
  for (const part of [':', '1:', '::', '.', '1.', '0x', 'f', '%', 'fe80::1%', '[', '::ffff:1.']) {
    const resolve = createNetworkResolver(null);
    const milliseconds = cost(10, (run) => resolve(`${part.repeat(64).slice(0, 60)}${run}`, null)) / 10;
    assert.ok(milliseconds < 5, `${milliseconds} ms: ${part}`);
  }
});
