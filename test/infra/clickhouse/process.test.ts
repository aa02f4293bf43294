import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, connect as openSocket, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { startClickHouse } from '../../../infra/clickhouse/start.ts';
import { eventually, failsWith, temporaryFolder } from './server.ts';

const root = join(import.meta.dirname, '../../..');
/** For processes to end: longer than any test below takes, even on a busy machine. */
const PATIENCE_MS = 60_000;
const main = join(root, 'infra/clickhouse/main.ts');

/** By hand: without what start.ts sets. */
function runMain(args: readonly string[]): ChildProcess {
  const { UV_THREADPOOL_SIZE: _, ...env } = process.env;
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  after(() => child.kill('SIGKILL'));
  return child;
}

async function text(stream: NodeJS.ReadableStream | null): Promise<string> {
  let all = '';
  if (stream !== null) for await (const chunk of stream) all += String(chunk);
  return all;
}

/** Exit code and standard error of a process that should not come up. */
async function failure(args: readonly string[]): Promise<{ code: number; error: string; output: string }> {
  const child = runMain(args);
  const [error, output, [code]] = await Promise.all([text(child.stderr), text(child.stdout), once(child, 'exit')]);
  return { code: Number(code), error, output };
}

async function firstLine(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return String(line);
}

async function holdOpen(url: string): Promise<Socket> {
  const socket = openSocket(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

test('run by hand it says in one line where it listens, runs 20 queries at once, and ends on SIGTERM', {
  timeout: PATIENCE_MS,
}, async () => {
  const dir = await temporaryFolder();
  const child = runMain(['--path', join(dir, 'data'), '--port', '0', '--user', 'me', '--password', 'x']);
  const line: { listening: number; host: string; version: string; pid: number } = JSON.parse(await firstLine(child));
  assert.equal(line.pid, child.pid);
  assert.equal(line.host, '127.0.0.1');
  assert.match(line.version, /^\d+\.\d+/);
  const client = createClient({ url: `http://me:x@127.0.0.1:${line.listening}`, max_open_connections: 30 });
  const sleepers = Array.from({ length: 20 }, () => client.command({ query: 'SELECT sleep(2)' }));
  await eventually('20 run', async () => {
    const found = await client.query({
      query: "SELECT 1 FROM system.processes WHERE query = 'SELECT sleep(2)'",
      format: 'JSONEachRow',
    });
    return (await found.json()).length === 20;
  });
  child.kill('SIGTERM');
  // Running requests are answered before it ends.
  await Promise.all(sleepers);
  await client.close();
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});

test('a query that would never end does not keep the process after SIGTERM', { timeout: PATIENCE_MS }, async () => {
  const dir = await temporaryFolder();
  const child = runMain(['--path', join(dir, 'data'), '--port', '0']);
  const { listening }: { listening: number } = JSON.parse(await firstLine(child));
  const client = createClient({ url: `http://127.0.0.1:${listening}`, log: { level: ClickHouseLogLevel.OFF } });
  const refused = assert.rejects(
    client.command({ query: 'SELECT sum(sipHash64(number)) FROM numbers(1000000000000000)' }),
  );
  await eventually('it runs', async () => {
    const found = await client.query({
      query: "SELECT 1 FROM system.processes WHERE query LIKE '%sipHash64%' AND query NOT LIKE '%processes%'",
      format: 'JSONEachRow',
    });
    return (await found.json()).length === 1;
  });
  child.kill('SIGTERM');
  const [[code]] = await Promise.all([once(child, 'exit'), refused]);
  await client.close();
  assert.equal(code, 0);
});

test('a taken port is an error that names it and says what to do', async () => {
  const dir = await temporaryFolder();
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const address = holder.address();
  assert.ok(typeof address === 'object' && address !== null);
  const { code, error, output } = await failure(['--path', join(dir, 'data'), '--port', String(address.port)]);
  holder.close();
  assert.equal(code, 1);
  assert.match(error, new RegExp(`^port ${address.port} on 127\\.0\\.0\\.1 is taken.*--port\\n$`));
  assert.equal(output, '');
});

test('a data folder in use is an error that names it and says what to do', async () => {
  const dir = await temporaryFolder();
  const first = await startClickHouse({ dir });
  try {
    const { code, error } = await failure(['--path', join(dir, 'data'), '--port', '0']);
    assert.equal(code, 1);
    const says = `the data folder ${join(dir, 'data')} is in use by another ClickHouse, process ${first.pid}: stop that one, or choose another folder with --path\n`;
    assert.ok(error.endsWith(says), error);
    await assert.rejects(startClickHouse({ dir }), (second: unknown) => {
      assert.ok(second instanceof Error);
      assert.match(second.message, /^ClickHouse did not start \(exit code 1\): /);
      return second.message.includes(says.trim());
    });
  } finally {
    await first.stop();
  }
});

test('a data folder that cannot be made is an error that names it', async () => {
  const dir = await temporaryFolder();
  const { code, error } = await failure(['--path', join(main, 'data'), '--port', '0']);
  assert.equal(code, 1);
  assert.ok(error.includes(join(main, 'data')), `${error} (${dir})`);
});

const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['no folder', [], /^--path is missing: name the folder/],
  ['a port that is none', ['--path', 'x', '--port', '70000'], /^--port 70000 is not a whole number from 0 to 65535/],
  [
    'a host that others can reach',
    ['--path', 'x', '--host', '0.0.0.0'],
    /^--host 0\.0\.0\.0 is not a loopback address: SQL can read local files/,
  ],
  [
    'too little memory',
    ['--path', 'x', '--memory-bytes', '1'],
    /^--memory-bytes 1 is not a whole number from 134217728/,
  ],
  ['an unknown option', ['--pth', 'x'], /^Unknown option '--pth'/],
];
for (const [what, args, says] of mistakes) {
  test(`${what} is refused with the usage`, async () => {
    const { code, error } = await failure(args);
    assert.equal(code, 2);
    assert.match(error, says);
    assert.match(error, /node infra\/clickhouse\/main\.ts --path DIR/);
  });
}

test('the engine stays within its memory, and lives on', async () => {
  const dir = await temporaryFolder();
  const server = await startClickHouse({ dir, memoryBytes: 400 * 1024 ** 2 });
  const client = createClient({ url: server.url, log: { level: ClickHouseLogLevel.OFF } });
  try {
    await failsWith(241, client.query({ query: 'SELECT length(groupArray(number)) FROM numbers(200000000)' }));
    assert.equal((await client.ping({ select: true })).success, true);
  } finally {
    await client.close();
    await server.stop();
  }
});

test('data outlive a stop, a password may hold any character, and the log is kept', async () => {
  const dir = await temporaryFolder();
  for (const count of [1, 2]) {
    const server = await startClickHouse({ dir, password: 'a:b/c@d é%' });
    const client = createClient({ url: server.url });
    await client.command({ query: 'CREATE TABLE IF NOT EXISTS t (a UInt8) ENGINE=MergeTree ORDER BY a' });
    await client.insert({ table: 't', values: [{ a: 1 }], format: 'JSONEachRow' });
    const found = await client.query({ query: 'SELECT count() AS n FROM t', format: 'JSONEachRow' });
    assert.deepEqual(await found.json(), [{ n: count }]);
    await client.close();
    await server.stop();
  }
  assert.equal(await readFile(join(dir, 'clickhouse.log'), 'utf8'), '');
});

test('a parent killed with -9 leaves no process, not even one in the middle of a query', {
  timeout: PATIENCE_MS,
}, async () => {
  const dir = await temporaryFolder();
  const program = `
    import { startClickHouse } from ${JSON.stringify(join(root, 'infra/clickhouse/start.ts'))};
    const { url } = await startClickHouse({ dir: ${JSON.stringify(dir)} });
    process.stdout.write(url + '\\n');
    setInterval(() => {}, 60_000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  after(() => parent.kill('SIGKILL'));
  const url = await firstLine(parent);
  const client = createClient({ url, log: { level: ClickHouseLogLevel.OFF } });
  const brokenOff = assert.rejects(
    client.command({ query: 'SELECT sum(sipHash64(number)) FROM numbers(1000000000000000)' }),
  );
  // The kernel closes its connections when the process is gone.
  const socket = await holdOpen(url);
  parent.kill('SIGKILL');
  await Promise.all([once(parent, 'exit'), once(socket, 'close'), brokenOff]);
  await client.close();
  // Only a process that is gone has let go of the folder.
  const next = await startClickHouse({ dir });
  await next.stop();
});
