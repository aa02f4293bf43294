import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { installKafka } from './install.ts';
import { forgetOwner, OWNER_COMMAND, readOwner, writeOwner } from './owner.ts';
import { answers } from './ports.ts';
import { startKafka } from './start.ts';

const USAGE = `Apache Kafka on this machine, for people: one or three brokers in KRaft mode.

  node infra/kafka/main.ts install                     fetch the jars
  node infra/kafka/main.ts start  [--brokers 1|3] [--port 9092] [--dir .run/kafka]
  node infra/kafka/main.ts status [--json] [--dir .run/kafka]
  node infra/kafka/main.ts stop   [--dir .run/kafka]

Three brokers take --port and the two ports after it. The data stays in --dir; delete the folder for a new cluster.
`;

/** Longer than the guard gives a broker between SIGTERM and SIGKILL. */
const STOP_TIMEOUT = 30_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Wanted {
  dir: string;
  brokers: 1 | 3;
  port: number;
  json: boolean;
}

async function start({ dir, brokers, port }: Wanted): Promise<void> {
  const already = await readOwner(dir);
  if (already !== null) return say(`Kafka runs already: KAFKA_BROKERS=${already.brokers}`);
  await installKafka({ log: say });
  await mkdir(dir, { recursive: true });
  const logFile = join(dir, 'serve.log');
  const log = await open(logFile, 'w');
  const args = [
    import.meta.filename,
    OWNER_COMMAND,
    '--dir',
    dir,
    '--brokers',
    String(brokers),
    '--port',
    String(port),
  ];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log.fd, log.fd, 'ipc'] });
  await log.close();
  const told = await Promise.race([
    once(child, 'message').then(([brokersList]) => String(brokersList)),
    once(child, 'exit').then(() => null),
  ]);
  if (told === null) throw new Error((await readFile(logFile, 'utf8')).trim());
  child.disconnect();
  child.unref();
  say(`Kafka runs: KAFKA_BROKERS=${told}`);
}

/** The process that owns the brokers; `start` leaves it behind. */
async function serve({ dir, brokers, port }: Wanted): Promise<void> {
  const cluster = await startKafka({
    dir,
    brokers,
    ports: Array.from({ length: brokers }, (_, i) => port + i),
    tell: say,
  });
  const stopAll = async (): Promise<void> => {
    await cluster.stop();
    await forgetOwner(dir);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stopAll().catch(fail));
  await writeOwner(dir, {
    pid: process.pid,
    brokers: cluster.brokers,
    nodes: cluster.nodes.map(({ id, port: at, pid }) => ({ id, port: at, pid })),
  });
  process.send?.(cluster.brokers);
}

async function stop({ dir }: Wanted): Promise<void> {
  const found = await readOwner(dir);
  if (found === null) return say(`Kafka does not run from ${dir}.`);
  process.kill(found.pid, 'SIGTERM');
  const end = performance.now() + STOP_TIMEOUT;
  // Not a child of ours: nothing tells us when it ends.
  while ((await readOwner(dir)) !== null) {
    if (performance.now() > end)
      throw new Error(
        `process ${found.pid} has not stopped its brokers after ${STOP_TIMEOUT / 1_000} s: see ${dir}/serve.log, or end it with kill -9 ${found.pid}`,
      );
    await delay(100);
  }
  say('Kafka stopped.');
}

async function status({ dir, json }: Wanted): Promise<void> {
  const found = await readOwner(dir);
  const nodes = await Promise.all(
    (found?.nodes ?? []).map(async (node) => ({ ...node, answers: await answers(node.port) })),
  );
  if (json)
    return say(
      JSON.stringify({ running: found !== null, pid: found?.pid ?? null, brokers: found?.brokers ?? null, nodes }),
    );
  if (found === null) return say(`Kafka does not run from ${dir}.`);
  for (const node of nodes)
    say(`broker ${node.id}  127.0.0.1:${node.port}  pid ${node.pid}  ${node.answers ? 'answers' : 'does not answer'}`);
}

function readArguments(): { command: string; wanted: Wanted } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      dir: { type: 'string', default: '.run/kafka' },
      brokers: { type: 'string', default: '1' },
      port: { type: 'string', default: '9092' },
      json: { type: 'boolean', default: false },
    },
  });
  const brokers = values.brokers === '1' ? 1 : values.brokers === '3' ? 3 : null;
  if (brokers === null) throw new Error(`--brokers ${values.brokers}: give 1 or 3`);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port + brokers > 65_536)
    throw new Error(`--port ${values.port}: give a number from 1 to ${65_536 - brokers}`);
  return { command: positionals[0] ?? '', wanted: { dir: resolve(values.dir), brokers, port, json: values.json } };
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

const commands: Record<string, (wanted: Wanted) => Promise<unknown>> = {
  start,
  stop,
  status,
  [OWNER_COMMAND]: serve,
  install: () => installKafka({ log: say }),
};
try {
  const { command, wanted } = readArguments();
  const chosen = commands[command];
  if (chosen === undefined) {
    process.stderr.write(USAGE);
    process.exit(2);
  }
  await chosen(wanted);
} catch (error) {
  fail(error);
}
