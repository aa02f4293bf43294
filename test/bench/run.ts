import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { benchCallsMillion } from './calls-million.ts';
import { benchCallsScale } from './calls-scale.ts';
import { benchClusters } from './clusters.ts';
import { benchConsole } from './console.ts';
import { benchCalls, benchCallsWithText, benchSameJob } from './jobs.ts';
import { benchLinks, benchLinksMillion } from './links.ts';
import { benchPipeline } from './pipeline.ts';
import { benchReplay } from './replay.ts';
import { type BenchResult, benchReport } from './result.ts';
import { benchSink } from './sink.ts';

/**
 * `npm run bench -- [NAME ...] [--json]`: what a job costs, beside others that do the same on the same input in the same run. Medians of three; CPU seconds of
 * the measured process, since wall times on a shared machine say little. The last result of each is kept in test/bench/results.json.
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
  replay: benchReplay,
  console: benchConsole,
};

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const json = process.argv.includes('--json');
const chosen = names.length === 0 ? Object.keys(JOBS) : names;
const results: BenchResult[] = [];
for (const name of chosen) {
  const job = JOBS[name];
  if (job === undefined) {
    console.error(`there is no bench ${name}; there are ${Object.keys(JOBS).join(', ')}`);
    process.exit(2);
  }
  const result = await job();
  results.push(result);
  if (json) continue;
  console.log(benchReport(result));
}
if (json) console.log(JSON.stringify(results));
const file = join(import.meta.dirname, 'results.json');
const last: { results: BenchResult[] } = JSON.parse(await readFile(file, 'utf8'));
const kept = last.results.filter(({ name }) => !chosen.includes(name));
await writeFile(
  file,
  `${JSON.stringify({ at: new Date().toISOString(), node: process.version, results: [...kept, ...results] }, null, 2)}\n`,
);
process.exit(0);
