import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type KafkaCluster, startKafka } from '../../infra/kafka/start.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { committedBy } from './coordinator.ts';
import { BUSY, benchClient, type Measured, publishCalls, resetTopics } from './jobs.ts';
import { cpuSecondsOf } from './process-cpu.ts';
import { type BenchResult, type BenchRun, throughput } from './result.ts';

const MEMBERS = [1, 2, 4];
/** Milliseconds. */
const POLL = 200;
/** The same calls for one, two and four processes of `calls`: what another member of the group costs, and what it brings on the cores that there are. */
export async function benchCallsScale(): Promise<BenchResult> {
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-bench-'));
  const kafka = await startKafka({ dir });
  try {
    await publishCalls(kafka, { ...BUSY, promptLength: 0 });
    const runs: BenchRun[] = [];
    for (const members of MEMBERS) runs.push(await measure(kafka, members));
    return {
      name: 'calls-scale',
      input: `${BUSY.events} calls of ${BUSY.accounts} accounts, ${BUSY.perSecond} a second in event time; the whole calls step, from the start of the processes until all is committed`,
      runs,
      ratios: {},
    };
  } finally {
    await kafka.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function measure(kafka: KafkaCluster, members: number): Promise<BenchRun> {
  await resetTopics(kafka);
  const admin = benchClient(kafka).admin();
  await admin.connect();
  const begun = performance.now();
  const processes = Array.from({ length: members }, (_, member) => start(kafka, `scale-${members}-${member}`));
  try {
    while ((await committedBy(admin, 'calls', TOPICS.calls)) < BUSY.events) {
      if (processes.some(({ exitCode }) => exitCode !== null)) throw new Error('a process of calls ended');
      await delay(POLL);
    }
    const cpuSeconds = processes.reduce((sum, { pid }) => sum + cpuSecondsOf(pid ?? null), 0);
    const seconds = (performance.now() - begun) / 1_000;
    return {
      what: members === 1 ? 'one process' : `${members} processes`,
      figures: [throughput(BUSY.events, cpuSeconds), { value: BUSY.events / seconds, unit: 'events per second' }],
    };
  } finally {
    for (const one of processes) one.kill('SIGKILL');
    await admin.disconnect();
  }
}

function start(kafka: KafkaCluster, run: string): ChildProcess {
  const what: Measured = { job: 'calls', brokers: kafka.brokers, events: BUSY.events, run };
  return fork(join(import.meta.dirname, 'measured.ts'), [JSON.stringify(what)]);
}
