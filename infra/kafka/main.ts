import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { installKafka } from './install.ts';
import { startKafka } from './start.ts';

const USAGE = `Apache Kafka on this machine, for people: one or three brokers in KRaft mode.

  node infra/kafka/main.ts install                     fetch the jars
  node infra/kafka/main.ts start  [--brokers 1|3] [--port 9092] [--dir .run/kafka]
  node infra/kafka/main.ts status [--json]
  node infra/kafka/main.ts stop
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dir: { type: 'string', default: '.run/kafka' },
    brokers: { type: 'string', default: '1' },
    port: { type: 'string', default: '9092' },
    json: { type: 'boolean', default: false },
  },
});
const dir = resolve(values.dir);
const statusFile = join(dir, 'running.json');

interface Running {
  pid: number;
  brokers: string;
  nodes: { id: number; port: number; pid: number | null }[];
}

async function running(): Promise<Running | null> {
  if (!existsSync(statusFile)) return null;
  const known: Running = JSON.parse(await readFile(statusFile, 'utf8'));
  try {
    process.kill(known.pid, 0);
    return known;
  } catch {
    return null; // a file left by a process that was killed
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The process that owns the brokers; `start` runs it detached. */
async function serve(): Promise<void> {
  const cluster = await startKafka({
    dir,
    brokers: values.brokers === '3' ? 3 : 1,
    port: Number(values.port),
    tell: say,
  });
  const status: Running = {
    pid: process.pid,
    brokers: cluster.brokers,
    nodes: cluster.nodes.map((node) => ({ id: node.id, port: node.port, pid: node.pid() })),
  };
  await writeFile(statusFile, JSON.stringify(status));
  const stop = (): void => {
    cluster
      .stop()
      .then(() => rm(statusFile, { force: true }))
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

async function start(): Promise<void> {
  const already = await running();
  if (already !== null) return say(`Kafka runs already: KAFKA_BROKERS=${already.brokers}`);
  await mkdir(dir, { recursive: true });
  const log = openSync(join(dir, 'serve.log'), 'w');
  const child = spawn(
    process.execPath,
    [import.meta.filename, 'serve', '--dir', dir, '--brokers', values.brokers, '--port', values.port],
    { detached: true, stdio: ['ignore', log, log] },
  );
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  while (!ended) {
    const now = await running();
    if (now !== null) {
      child.unref();
      return say(`Kafka runs: KAFKA_BROKERS=${now.brokers}`);
    }
    await delay(100);
  }
  throw new Error(await readFile(join(dir, 'serve.log'), 'utf8'));
}

async function stop(): Promise<void> {
  const now = await running();
  if (now === null) return say('Kafka does not run.');
  process.kill(now.pid, 'SIGTERM');
  while ((await running()) !== null) await delay(100);
  say('Kafka stopped.');
}

async function status(): Promise<void> {
  const now = await running();
  if (values.json) return say(JSON.stringify(now));
  if (now === null) return say('Kafka does not run.');
  for (const node of now.nodes) say(`broker ${node.id}  127.0.0.1:${node.port}  pid ${node.pid}`);
}

const commands: Record<string, () => Promise<void>> = {
  start,
  stop,
  status,
  serve,
  install: async () => void (await installKafka(say)),
};
const command = commands[positionals[0] ?? ''];
if (command === undefined) {
  process.stderr.write(USAGE);
  process.exit(2);
}
try {
  await command();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
