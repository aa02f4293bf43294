import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type GuardedProcess, spawnGuarded } from './guarded-process.ts';
import type { NodePlace } from './layout.ts';
import { answers, requireFree } from './ports.ts';
import { type MoreListeners, serverProperties } from './properties.ts';
import { formatArguments } from './security.ts';

const run = promisify(execFile);

export interface KafkaNode {
  readonly id: number;
  readonly port: number;
  /** The broker's own process id; null when it does not run. */
  readonly pid: number | null;
  /** Starts it on its port and data, and waits until it serves. */
  start(): Promise<void>;
  /** SIGTERM, then SIGKILL after a while. */
  stop(): Promise<void>;
  /** Stops it when it runs, then starts it. */
  restart(): Promise<void>;
  /** Sends the broker a signal, SIGKILL unless told. Waits until it is gone where the signal ends it; SIGSTOP and SIGCONT return at once. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

export interface NodeOptions {
  place: NodePlace;
  all: readonly NodePlace[];
  dir: string;
  classpath: string;
  clusterId: string;
  heapMb: number;
  more: MoreListeners;
}

/** Starting takes 2 to 4 s on an idle machine of 2 cores; a loaded one gets time. */
const START_TIMEOUT = 90_000;
/** Three brokers that stop together cannot all hand over their partitions: Kafka retries, and this ends it. */
const STOP_SECONDS = 10;
const SERVING = /Kafka Server started/;
const ENDING_SIGNALS: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'];
/**
 * Start to "Kafka Server started" on 2 shared cores: serial 3.0 to 4.3 s, G1 2.9 to 3.4 s, serial with the first compiler stage only 2.2 to 2.6 s.
 * Serial keeps no collector threads beside the tests'; the second compiler stage stays, because the benchmarks measure against this broker.
 */
const JAVA_OPTIONS = ['-XX:+UseSerialGC', '-Djava.net.preferIPv4Stack=true', '-Djava.awt.headless=true'];

/** One broker process on this machine; it dies with its parent in any case (guard.sh). */
export function createNode({ place, all, dir, classpath, clusterId, heapMb, more }: NodeOptions): KafkaNode {
  const properties = join(dir, 'server.properties');
  const data = join(dir, 'log');
  const logFile = join(dir, 'broker.log');
  const errors = join(dir, 'broker.err');
  const java = [
    `-Xms${Math.min(128, heapMb)}m`,
    `-Xmx${heapMb}m`,
    ...JAVA_OPTIONS,
    `-Dlog4j2.configurationFile=${join(import.meta.dirname, 'log4j2.xml')}`,
    `-Dstillwatch.kafka.log=${logFile}`,
    '-cp',
    classpath,
  ];
  let broker: GuardedProcess | null = null;

  const format = async (): Promise<void> => {
    await mkdir(dir, { recursive: true });
    await writeFile(properties, serverProperties(place, all, data, more));
    if (existsSync(join(data, 'meta.properties'))) return;
    try {
      await run('java', [
        '-XX:TieredStopAtLevel=1', // short-lived: never worth the second compiler stage
        ...java,
        'kafka.tools.StorageTool',
        'format',
        '--cluster-id',
        clusterId,
        '--config',
        properties,
        ...(more.security === null ? [] : formatArguments(more.security)),
      ]);
    } catch (cause) {
      throw new Error(
        `Kafka could not format ${data}: ${cause instanceof Error ? cause.message.slice(-2_000) : String(cause)}`,
        { cause },
      );
    }
  };

  const untilServing = async (started: GuardedProcess): Promise<void> => {
    const serving = new Promise<'serving'>((resolve) => {
      started.lines.on('line', (line) => SERVING.test(line) && resolve('serving'));
    });
    const first = await Promise.race([
      serving,
      started.ended.then(() => 'ended' as const),
      delay(START_TIMEOUT, 'late' as const, { ref: false }),
    ]);
    if (first === 'serving' && (await answers(place.port))) return;
    await started.stop();
    const what =
      first === 'ended'
        ? 'ended before it served'
        : `did not serve on port ${place.port} within ${START_TIMEOUT / 1_000} s`;
    throw new Error(
      `Kafka broker ${place.id} ${what}: ${await reason(logFile, errors)}\nmore in ${logFile} and ${errors}`,
    );
  };

  const start = async (): Promise<void> => {
    if (broker !== null) throw new Error(`Kafka broker ${place.id} runs already, as process ${broker.pid}`);
    await requireFree(place.port, `Kafka broker ${place.id}`);
    await requireFree(place.controllerPort, `the controller of Kafka broker ${place.id}`);
    await format();
    const started = await spawnGuarded({
      command: 'java',
      args: [...java, 'kafka.Kafka', properties],
      errors,
      stopSeconds: STOP_SECONDS,
    });
    broker = started;
    const forget = (): void => {
      if (broker === started) broker = null;
    };
    started.ended.then(forget, forget);
    await untilServing(started);
  };
  const stop = async (): Promise<void> => {
    await broker?.stop();
  };

  return {
    id: place.id,
    port: place.port,
    get pid() {
      return broker?.pid ?? null;
    },
    start,
    stop,
    async restart() {
      await stop();
      await start();
    },
    async kill(signal = 'SIGKILL') {
      const running = broker;
      if (running === null) return;
      process.kill(running.pid, signal);
      if (ENDING_SIGNALS.includes(signal)) await running.ended;
    },
  };
}

/** What the broker gave as its reason; its own end buries it under the stack traces of the shutdown. */
async function reason(logFile: string, errors: string): Promise<string> {
  const text = (existsSync(logFile) ? await readFile(logFile, 'utf8') : '').slice(-200_000);
  const lastStart = text.slice(Math.max(0, text.lastIndexOf('Registered kafka:type=kafka.Log4jController')));
  const told = lastStart
    .split('\n')
    .filter((line) => / (ERROR|FATAL) \[/.test(line) || /^(Caused by: |[\w.]+(Exception|Error): )/.test(line));
  return told.length > 0 ? told.slice(0, 5).join('\n') : (await readFile(errors, 'utf8')).trim().slice(-2_000);
}
