import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const MAIN = join(import.meta.dirname, '../../services/main.ts');
const run = promisify(execFile);

test('a command whose reader has seen enough ends as by SIGPIPE, and says nothing of it', async () => {
  const script = 'set -o pipefail; "$0" "$1" features --markdown | true; echo "ended $?"';
  const { stdout, stderr } = await run('bash', ['-c', script, process.execPath, MAIN]);
  assert.equal(stdout, 'ended 141\n');
  assert.equal(stderr, '');
});
