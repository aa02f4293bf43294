import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidArgumentError } from 'commander';
import { positive, seedNumber, wholeNumber } from '../../services/command/common.ts';

test('a number of things is whole and 1 or more, a seed may be 0, a factor need not be whole', () => {
  assert.deepEqual([wholeNumber('1'), seedNumber('0'), positive('0.25')], [1, 0, 0.25]);
  for (const [parse, texts] of [
    [wholeNumber, ['0', '-1', '1.5', 'many', '', '1e300']],
    [seedNumber, ['-1', '1.5', 'many', '1e300']],
    [positive, ['0', '-1', 'many', '', 'Infinity']],
  ] as const)
    for (const text of texts) assert.throws(() => parse(text), InvalidArgumentError, `${parse.name} of "${text}"`);
});
