import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { readOwner, writeOwner } from '../../../infra/kafka/owner.ts';
import { freePorts } from '../../../infra/kafka/ports.ts';

const run = promisify(execFile);
const MAIN = resolve(import.meta.dirname, '../../../infra/kafka/main.ts');

let dir: string;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'stillwatch-infra-'));
});
after(async () => {
  await rm(dir, { recursive: true, force: true });
});

const main = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, [MAIN, ...args, '--dir', dir])).stdout;

test('start leaves a broker running, status tells of it, stop ends it', async () => {
  const [port = 0] = await freePorts(1);
  try {
    assert.equal(await main('start', '--port', String(port)), `Kafka runs: KAFKA_BROKERS=127.0.0.1:${port}\n`);
    assert.match(await main('start', '--port', String(port)), /runs already/);
    const status: { nodes: { pid: number }[] } = JSON.parse(await main('status', '--json'));
    const pid = status.nodes[0]?.pid ?? 0;
    assert.ok(pid > 0);
    assert.equal(await main('status'), `broker 1  127.0.0.1:${port}  pid ${pid}  answers\n`);
    assert.equal(await main('stop'), 'Kafka stopped.\n');
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  } finally {
    await main('stop');
  }
  assert.match(await main('status'), /does not run/);
});

test("a process id that is a stranger's by now is not taken for the brokers' owner", async () => {
  await writeOwner(dir, { pid: process.pid, brokers: '127.0.0.1:1', nodes: [] });
  assert.equal(await readOwner(dir), null);
});

test('a damaged file is an error that names it', async () => {
  await writeFile(join(dir, 'running.json'), '{');
  await assert.rejects(readOwner(dir), /running\.json is not what this program wrote: delete it/);
});

test('a number of brokers that cannot be is refused', async () => {
  await assert.rejects(main('start', '--brokers', '2'), /--brokers 2: give 1 or 3/);
});
