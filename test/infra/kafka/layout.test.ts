import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newClusterId } from '../../../infra/kafka/layout.ts';

test('a cluster id never begins with a dash, which the storage tool would take for an option', () => {
  const draws = [Buffer.alloc(16, 0xf8), Buffer.alloc(16, 0xfb), Buffer.alloc(16, 1)];
  const dashed = draws.slice(0, 2).map((bytes) => bytes.toString('base64url')[0]);
  assert.deepEqual(dashed, ['-', '-']);
  assert.equal(
    newClusterId(() => draws.shift() ?? assert.fail('drew too often')),
    Buffer.alloc(16, 1).toString('base64url'),
  );
});
