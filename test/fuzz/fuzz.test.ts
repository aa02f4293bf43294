import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzInProcess } from './in-process.ts';

// The long form: npm run test:fuzz -- --inputs 100000
test('whatever comes in is processed, a dead letter with its bytes, late or a duplicate, exactly once, and nothing holds up the line', {
  timeout: 120_000,
}, async () => {
  const result = await fuzzInProcess({ inputs: 5_000, seed: 1 });
  const { processed, dead, late, duplicate, byReason, kinds } = result;
  // That the sum is exact was checked on the way; here, that the run was one worth its name.
  assert.ok(kinds > 60, `${kinds} kinds`);
  for (const [what, count] of Object.entries({ processed, dead, late, duplicate })) assert.ok(count > 20, what);
  assert.deepEqual([...byReason.keys()].sort(), [
    'control_character',
    'implausible_value',
    'missing_field',
    'missing_key',
    'negative_value',
    'not_a_number',
    'not_avro',
    'timestamp_out_of_range',
    'tombstone',
    'too_long',
    'truncated',
    'unknown_schema',
    'wrong_magic_byte',
  ]);
});
