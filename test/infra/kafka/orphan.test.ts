import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

/** The guard gives a broker 10 s after SIGTERM. */
const GONE_WITHIN = 15_000;

test('a broker dies with a parent that was killed with -9', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-infra-'));
  const parent = fork(join(import.meta.dirname, 'parent.ts'), [dir]);
  const [nodes] = await once(parent, 'message');
  const [{ pid, port }] = nodes;
  process.kill(pid, 0); // runs now: throws otherwise
  const connection = connect({ host: '127.0.0.1', port });
  await once(connection, 'connect');
  connection.on('error', () => {}); // a reset is as good an end as any
  const hungUp = once(connection, 'close');

  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await hungUp;
  assert.ok(await gone(pid, GONE_WITHIN), `process ${pid} outlived its parent`);
  await rm(dir, { recursive: true, force: true });
});

/** Not a child of this process, so nothing tells when it ends. */
async function gone(pid: number, within: number): Promise<boolean> {
  const end = performance.now() + within;
  while (performance.now() < end) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await delay(50);
  }
  return false;
}
