import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { benchCallsMillion } from './calls-million.ts';
import { type BenchResult, benchCalls, benchSameJob } from './jobs.ts';
import { benchLinks, benchLinksMillion } from './links.ts';

/**
 * `npm run bench -- [NAME ...] [--json]`: events per CPU-second of this project's runner beside raw kafkajs + avsc on the same input in the same run. Medians
 * of three; CPU seconds of the consuming process, since wall times on a shared machine say little. The last result of each is kept in
 * test/bench/results.json.
 */
const JOBS: Readonly<Record<string, () => Promise<BenchResult>>> = {
  'same-job': benchSameJob,
  calls: benchCalls,
  'calls-million': benchCallsMillion,
  links: benchLinks,
  'links-million': benchLinksMillion,
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
  console.log(`${result.name}: ${result.input}`);
  for (const { what, eventsPerCpuSecond, peakMemoryMb, residentMb, restoreSeconds } of result.runs) {
    console.log(
      `  ${what.padEnd(28)} ${String(Math.round(eventsPerCpuSecond)).padStart(9)} events per CPU-second, ${Math.round(peakMemoryMb)} MB at most`,
    );
    const restored = restoreSeconds === undefined ? '' : `, restored in ${restoreSeconds.toFixed(1)} s`;
    if (residentMb !== undefined) console.log(`  ${''.padEnd(28)} ${Math.round(residentMb)} MB resident${restored}`);
  }
  if (result.ratio !== null) console.log(`  ${result.ratio.toFixed(2)} of raw kafkajs`);
  if (result.overKafkaStreams !== undefined) console.log(`  ${result.overKafkaStreams.toFixed(2)} x Kafka Streams`);
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
