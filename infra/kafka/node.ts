import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { type NodePlace, serverProperties } from './properties.ts';

export interface KafkaNode extends NodePlace {
  /** The broker's own process id; null when it does not run. */
  pid(): number | null;
  start(): Promise<void>;
  /** SIGTERM, then SIGKILL after a while. */
  stop(): Promise<void>;
  /** SIGKILL: what a fault test wants. */
  kill(): Promise<void>;
}

export interface NodeOptions {
  place: NodePlace;
  all: readonly NodePlace[];
  classpath: string;
  clusterId: string;
  heapMb: number;
}

/** Starting takes about 3 s here; a loaded machine gets time. */
const START_TIMEOUT = 90_000;
const STOP_TIMEOUT = 20_000;
/** The serial collector and the first compiler stage start fastest; steady state is the bench's business, which runs without the latter. */
const JAVA_OPTIONS = [
  '-XX:+UseSerialGC',
  '-Djava.net.preferIPv4Stack=true',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=info',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
];

/** One broker process on this machine. Stopped -> starting -> running -> stopped; it dies with its parent in any case (guard.sh). */
export function createNode({ place, all, classpath, clusterId, heapMb }: NodeOptions): KafkaNode {
  const properties = join(place.dir, 'server.properties');
  const logFile = join(place.dir, 'broker.log');
  let guard: ChildProcess | null = null;
  let pid: number | null = null;
  const java = ['-Xms128m', `-Xmx${heapMb}m`, ...JAVA_OPTIONS, '-cp', classpath];

  const format = async (): Promise<void> => {
    await mkdir(place.dir, { recursive: true });
    await writeFile(properties, serverProperties(place, all));
    if (existsSync(join(place.dir, 'log', 'meta.properties'))) return;
    const child = spawn(
      'java',
      [...java, 'kafka.tools.StorageTool', 'format', '--cluster-id', clusterId, '--config', properties],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    const [code] = await once(child, 'exit');
    await appendFile(logFile, output);
    if (code !== 0) throw new Error(`Kafka could not format ${place.dir}: ${output.slice(-2_000)}`);
  };

  const serves = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: place.port });
      socket.once('connect', () => socket.destroy());
      socket.once('close', (failed) => resolve(!failed));
      socket.once('error', () => socket.destroy());
    });

  const gone = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };

  return {
    ...place,
    pid: () => pid,
    async start() {
      for (const port of [place.port, place.controllerPort]) await requireFree(port);
      await format();
      const log = await open(logFile, 'a');
      const command = [join(import.meta.dirname, 'guard.sh'), 'java', ...java, 'kafka.Kafka', properties];
      const child = spawn('sh', command, { stdio: ['pipe', 'pipe', log.fd], detached: true });
      guard = child;
      if (child.stdout === null) throw new Error('a child with a pipe for its output has none');
      const lines = createInterface({ input: child.stdout });
      lines.on('line', (line) => {
        const guarded = /^guarded (\d+)$/.exec(line);
        if (guarded !== null) pid = Number(guarded[1]);
      });
      child.once('exit', () => {
        pid = null;
      });
      await log.close();
      const end = performance.now() + START_TIMEOUT;
      while (!(await serves())) {
        if (child.exitCode !== null)
          throw new Error(
            `Kafka did not start; the end of ${logFile}: ${(await readFile(logFile, 'utf8')).slice(-2_000)}`,
          );
        if (performance.now() > end)
          throw new Error(
            `Kafka does not answer on port ${place.port} after ${START_TIMEOUT / 1_000} s; see ${logFile}`,
          );
        await delay(50);
      }
    },
    async stop() {
      const child = guard;
      guard = null;
      if (child === null) return;
      const killer = setTimeout(() => pid !== null && process.kill(pid, 'SIGKILL'), STOP_TIMEOUT);
      if (child.exitCode === null) child.kill('SIGTERM');
      await gone(child);
      clearTimeout(killer);
    },
    async kill() {
      const child = guard;
      guard = null;
      if (child === null) return;
      if (pid !== null) process.kill(pid, 'SIGKILL');
      await gone(child);
    },
  };
}

async function requireFree(port: number): Promise<void> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    throw new Error(
      `port ${port} on 127.0.0.1 is taken, Kafka cannot listen there: stop what uses it (ss -ltnp), or choose another port`,
    );
  }
  server.close();
  await once(server, 'close');
}
