import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReplaySummary } from '../../services/replay/summary.ts';
import { stillwatch } from '../support/pipeline.ts';
import { type BenchResult, type BenchRun, first, medianRun, megabytes, throughput } from './result.ts';

const REPEATS = 3;
/** A campaign of 500 accounts, one call in twenty-one of all. */
const SCENARIO = ['--scenario', 'reported-alibaba', '--seed', '501'];
/** The reported 28.8 million exchanges among twenty times as many. */
const WHOLE = 605_000_000;

/** Files to alerts in one process: with prompt text, without, and ten days beside one, since a day must cost the same whatever came before it. */
export async function benchReplay(): Promise<BenchResult> {
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-bench-'));
  try {
    const runs: BenchRun[] = [];
    for (const { what, days, text } of [
      { what: 'two days without text', days: 2, text: 'none' },
      { what: 'ten days without text', days: 10, text: 'none' },
      { what: 'two days with text', days: 2, text: 'full' },
    ]) {
      await stillwatch(['simulate', ...SCENARIO, '--days', String(days), '--text', text, '--out', dir, '--quiet']);
      const samples: BenchRun[] = [];
      for (let i = 0; i < REPEATS; i++) samples.push(await measure(dir, what));
      runs.push(medianRun(samples));
    }
    const [short, long] = runs.map(first);
    return {
      name: 'replay',
      input: `reported-alibaba at 1/50 of its size, hidden 1:20, in one process; ${WHOLE / 1e6} million calls without text would take ${(WHOLE / (long ?? 0) / 3_600).toFixed(1)} CPU hours at the rate of ten days`,
      runs,
      ratios: { 'what a call of ten days costs': (long ?? 0) / (short ?? 1) },
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function measure(dir: string, what: string): Promise<BenchRun> {
  const files = ['--calls', join(dir, 'calls.jsonl'), '--accounts', join(dir, 'accounts.jsonl')];
  const summary: ReplaySummary = JSON.parse(
    await stillwatch(['replay', ...files, '--out', join(dir, 'replayed'), '--json']),
  );
  return {
    what,
    figures: [
      throughput(summary.calls_in, summary.cpu_seconds),
      { value: summary.calls_in / summary.wall_seconds, unit: 'events per second' },
      megabytes(summary.peak_memory_bytes / 2 ** 20, 'at most'),
    ],
  };
}
