import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getContainerRuntimeClient } from 'testcontainers';
import { type Images, startBackend } from './containers.ts';

/**
 * `npm run test:containers`: the tests that need a Kafka or a ClickHouse, each file on fresh containers. Which ones is said by KAFKA_BROKERS and CLICKHOUSE_URL,
 * read in one place (test/support); the files do not know what they run on. Where no engine answers, the same files run on local processes. Then infra/compose.yaml is
 * started as a whole. File names instead of all of this.
 */
const root = join(import.meta.dirname, '../..');
const IMAGES: Images = {
  kafka: process.env['KAFKA_IMAGE'] ?? 'apache/kafka:4.3.1',
  // Of the embedded engine's version.
  clickHouse: process.env['CLICKHOUSE_IMAGE'] ?? 'clickhouse/clickhouse-server:26.7.2',
};
/** How a file that can run on a given Kafka or ClickHouse gets at it; one that kills brokers has to have its own. */
const CHOOSES_BACKEND = /\b(startKafkaForTest|startClickHouseForTest|createStack)\(/;
const BRINGS_ITS_OWN = /\b(startOwnKafka|startSecuredKafka)\(/;

// The reaper is an image of its own, from a registry; whatever is started here is stopped here.
process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';

/** Brings containers of its own, all that there are. */
const COMPOSE = 'test/containers/compose.ts';

const given = process.argv.slice(2);
const files = given.length > 0 ? given : await integrationTests();
/** What runs now. */
let tests: ChildProcess | null = null;
let stopContainers = async (): Promise<void> => {};
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    tests?.kill('SIGTERM');
    void stopContainers().finally(() => process.exit(130));
  });

const why = await whyNoEngine();
if (why !== null) {
  console.error(`No container engine answers (${why}): the same ${files.length} files run on local processes.`);
  process.exit(await run(files, {}));
}
console.error(
  `${files.length} files on ${IMAGES.kafka} and ${IMAGES.clickHouse}, set by KAFKA_IMAGE and CLICKHOUSE_IMAGE`,
);
const failed: string[] = [];
for (const file of files) {
  const backend = await startBackend(IMAGES, (stop) => {
    stopContainers = stop;
  }).catch((error: unknown) => {
    console.error(`The containers did not start: ${error instanceof Error ? error.message : String(error)}`);
    console.error('Where no image registry can be reached, build them with infra/images/build-offline.');
    process.exit(1);
  });
  console.error(`== ${file} on ${backend.env.KAFKA_BROKERS}`);
  if ((await run([file], backend.env)) !== 0) failed.push(file);
  await backend.stop();
}
if (given.length === 0) await runCompose();
console.error(
  failed.length === 0 ? `${files.length} files passed on containers` : `failed on containers: ${failed.join(', ')}`,
);
process.exit(failed.length === 0 ? 0 : 1);

async function runCompose(): Promise<void> {
  if (spawnSync('docker', ['compose', 'version']).status !== 0) {
    console.error(`docker compose does not answer: infra/compose.yaml was not started (${COMPOSE})`);
    return;
  }
  console.error(`== ${COMPOSE}`);
  if ((await run([COMPOSE], {})) !== 0) failed.push(COMPOSE);
}

async function integrationTests(): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob('test/**/*.test.ts', { cwd: root })) {
    const text = await readFile(join(root, file), 'utf8');
    if (CHOOSES_BACKEND.test(text) && !BRINGS_ITS_OWN.test(text)) found.push(file);
  }
  return found.sort();
}

async function run(paths: readonly string[], env: Record<string, string>): Promise<number> {
  const options = ['--test', '--test-concurrency=1', '--test-timeout=600000', '--test-force-exit'];
  const child = spawn(process.execPath, [...options, ...paths], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  tests = child;
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

/** Null when one answers. */
async function whyNoEngine(): Promise<string | null> {
  try {
    await getContainerRuntimeClient();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
