import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whoRuns } from '../../services/command/audit.ts';

test('whoever runs a command is known by name, or by number where the machine has no name for it', () => {
  assert.equal(
    whoRuns(
      () => ({ username: 'ada' }),
      () => 1_000,
    ),
    'ada',
  );
  const nameless = (): never => {
    throw Object.assign(new Error('A system error occurred: uv_os_get_passwd returned ENOENT'), {
      code: 'ERR_SYSTEM_ERROR',
    });
  };
  assert.equal(
    whoRuns(nameless, () => 54_321),
    'uid 54321',
  );
  assert.equal(whoRuns(nameless, undefined), 'uid unknown');
});
