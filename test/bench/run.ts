import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { madeWith } from '../support/made-with.ts';
import { benchCallsMillion } from './calls-million.ts';
import { benchCallsScale } from './calls-scale.ts';
import { benchClusters } from './clusters.ts';
import { benchConsole } from './console.ts';
import { benchCalls, benchCallsWithText, benchSameJob } from './jobs.ts';
import { benchLinks, benchLinksMillion } from './links.ts';
import { benchCatchUp, benchOverload } from './overload.ts';
import { benchPipeline } from './pipeline.ts';
import { benchReplay } from './replay.ts';
import { type BenchResult, benchReport, type KeptBench } from './result.ts';
import { benchSink } from './sink.ts';

/**
 * `npm run bench -- [NAME ...] [--json] [--profile]`: what a job costs, beside others that do the same on the same input in the same run. Medians of three; CPU seconds of
 * the measured process, since wall times on a shared machine say little. The last result of each is kept in test/bench/results.json, and the next one is told beside it.
 * --profile leaves a CPU profile of each measured process in test/artefacts/profiles; figures are then not kept.
 */
const JOBS: Readonly<Record<string, () => Promise<BenchResult>>> = {
  'same-job': benchSameJob,
  calls: benchCalls,
  'calls-with-text': benchCallsWithText,
  'calls-million': benchCallsMillion,
  'calls-scale': benchCallsScale,
  links: benchLinks,
  'links-million': benchLinksMillion,
  clusters: benchClusters,
  sink: benchSink,
  pipeline: benchPipeline,
  overload: benchOverload,
  'catch-up': benchCatchUp,
  replay: benchReplay,
  console: benchConsole,
};

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const json = process.argv.includes('--json');
const profile = process.argv.includes('--profile');
const chosen = names.length === 0 ? Object.keys(JOBS) : names;
const file = join(import.meta.dirname, 'results.json');
const results: BenchResult[] = [];
for (const name of chosen) {
  const job = JOBS[name];
  if (job === undefined) {
    console.error(`there is no bench ${name}; there are ${Object.keys(JOBS).join(', ')}`);
    process.exit(2);
  }
  const result = await job();
  results.push(result);
  const kept: KeptBench[] = JSON.parse(await readFile(file, 'utf8'));
  const last = kept.find((one) => one.name === name);
  if (!json) console.log(benchReport(result, last?.input === result.input ? last : undefined));
  if (profile) continue;
  const others = kept.filter((one) => one !== last);
  await writeFile(file, `${JSON.stringify([...others, { ...result, ...madeWith() }], null, 2)}\n`);
}
if (json) console.log(JSON.stringify(results));
process.exit(0);
