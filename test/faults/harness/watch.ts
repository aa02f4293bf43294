import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ServiceProcess } from '../../../infra/local/service-process.ts';
import { createCodecs } from '../../../services/records/codec/codecs.ts';
import { sinkSources } from '../../../services/sink/sources.ts';
import { topicPlan } from '../../../services/stream/kafka/topic-plan.ts';
import type { Victim } from './rig.ts';

const POLL = 100;
const LOOK = 1_000;
const run = promisify(execFile);

/** Asks again and again. Throws when it has not become true in time (milliseconds). */
export async function until(what: string, within: number, isTrue: () => Promise<boolean>): Promise<void> {
  const latest = performance.now() + within;
  while (!(await isTrue())) {
    if (performance.now() > latest) throw new Error(`still not after ${within / 1_000} s: ${what}`);
    await delay(POLL);
  }
}

/** Frozen by SIGSTOP. */
export async function isFrozen(pid: number | undefined): Promise<boolean> {
  if (pid === undefined) return false;
  const { stdout } = await run('ps', ['-o', 'state=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.startsWith('T');
}

/** How many tasks or lanes a process of this service has when it has them all. */
export const ALL_PARTS: Record<Victim, (partitions: number) => number> = {
  calls: (partitions) => partitions,
  links: () => 1,
  clusters: (partitions) => 2 * partitions,
  sink(partitions) {
    const planned = new Map(topicPlan(partitions, []).map((plan) => [plan.topic, plan.partitions]));
    return sinkSources(createCodecs(null)).reduce((sum, { topic }) => sum + (planned.get(topic) ?? 0), 0);
  },
  notify: (partitions) => partitions,
};

type Part = { state?: string; running?: boolean };

/** Lists of tasks or lanes, and what else a service says of itself. */
type Status<One> = Record<string, One[] | string[] | number>;

async function partsOf<One extends object>(service: ServiceProcess): Promise<One[]> {
  const response = await fetch(`${service.url()}/status`, { signal: AbortSignal.timeout(2_000) });
  const status = (await response.json()) as Status<One>;
  return Object.values(status).flatMap((part) =>
    Array.isArray(part) ? part.filter((one): one is One => typeof one === 'object') : [],
  );
}

/** The tasks or lanes of a process that run; -1 when some do not, or it does not answer. */
export async function runningParts(service: ServiceProcess): Promise<number> {
  try {
    const parts = await partsOf<Part>(service);
    return parts.every(({ state, running }) => state === 'running' || running === true) ? parts.length : -1;
  } catch {
    return -1;
  }
}

export async function hasEverything(service: ServiceProcess, name: Victim, partitions: number): Promise<boolean> {
  return (await runningParts(service)) === ALL_PARTS[name](partitions);
}

/** How often the groups of each step or lane of a process have dealt out their work, since it was started. */
export async function joinsOf(service: ServiceProcess): Promise<Map<string, number>> {
  const response = await fetch(`${service.url()}/metrics`, { signal: AbortSignal.timeout(2_000) });
  const text = await response.text();
  return new Map(
    [...text.matchAll(/^stillwatch_stream_group_joins_total\{.*step="([^"]+)".*\} (\d+)$/gm)].map(
      ([, step = '', joins]) => [step, Number(joins)],
    ),
  );
}

type Progress = { positions?: Record<string, { committed: string }>; offset?: string };

/** Messages that the tasks of a service have committed, and its lanes have taken. */
export async function committedBy(service: ServiceProcess): Promise<bigint> {
  let sum = 0n;
  for (const { positions = {}, offset = '0' } of await partsOf<Progress>(service)) {
    sum += BigInt(offset);
    for (const { committed } of Object.values(positions)) sum += BigInt(committed);
  }
  return sum;
}

/** By how much each of these has grown at most, looked at once a second until `over`. One that is not there has not grown. */
export async function peakGrowth(
  services: readonly ServiceProcess[],
  over: Promise<unknown>,
): Promise<Map<string, number>> {
  const resident = async (service: ServiceProcess): Promise<number> =>
    await residentBytes(service.pid()).catch(() => 0);
  const before = new Map(
    await Promise.all(services.map(async (service) => [service.name, await resident(service)] as const)),
  );
  const grown = new Map(services.map(({ name }) => [name, 0]));
  await everySecond(over, async () => {
    for (const service of services) {
      const growth = (await resident(service)) - (before.get(service.name) ?? 0);
      grown.set(service.name, Math.max(growth, grown.get(service.name) ?? 0));
    }
  });
  return grown;
}

/** Looks now, and again a second after each time, until `over`. */
export async function everySecond(over: Promise<unknown>, look: () => Promise<void>): Promise<void> {
  const isOver = over.then(() => true);
  do await look();
  while (!(await Promise.race([isOver, delay(LOOK, false)])));
}

/** Resident memory of a process. */
export async function residentBytes(pid: number | undefined): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid ?? 0)]);
  return Number(stdout) * 1024;
}
