import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress, progressLine } from '../../services/command/progress.ts';

function recorded(isTTY: boolean) {
  const written: string[] = [];
  let time = 1_000;
  const stream = { isTTY, columns: 60, write: (text: string) => written.push(text) };
  return { written, progress: createProgress(stream, () => time), pass: (ms: number) => (time += ms) };
}

test('a bar says how much is done and how long it will take, once that can be told', () => {
  assert.equal(progressLine(0.25, '10 calls', 60_000), '[======                  ]  25 %  10 calls  3 min left');
  assert.equal(progressLine(0.5, '20 calls', 5_000), '[============            ]  50 %  20 calls  5 s left');
  assert.equal(progressLine(0.1, '', 3_600_000), '[==                      ]  10 %    9 h 0 min left');
  assert.equal(progressLine(0.01, '1 call', 60_000), '[                        ]   1 %  1 call');
  assert.equal(progressLine(1.2, 'x', 1_000), '[========================] 100 %  x  0 s left');
  assert.equal(progressLine(null, '700 requeued', 60_000), '700 requeued');
});

test('on a terminal it is one line, written over at most ten times a second and taken away at the end', () => {
  const { written, progress, pass } = recorded(true);
  for (let call = 1; call <= 20; call++) {
    progress.at(call / 20, 'a text that is too long for the terminal by a good deal');
    pass(10);
  }
  assert.equal(written.length, 2);
  for (const text of written) assert.equal(text.replace('\r\u001b[K', '').length, 59);
  progress.say('a.jsonl:1:1: is not JSON');
  progress.end();
  assert.deepEqual(written.slice(2), ['\r\u001b[K', 'a.jsonl:1:1: is not JSON\n', '\r\u001b[K']);
});

test('where there is no terminal nothing is written but lines that stay', () => {
  const { written, progress } = recorded(false);
  progress.at(0.5, 'half');
  progress.say('a.jsonl:1:1: is not JSON');
  progress.end();
  assert.deepEqual(written, ['a.jsonl:1:1: is not JSON\n']);
});
