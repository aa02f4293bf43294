import { spawnSync } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getContainerRuntimeClient } from 'testcontainers';
import { type Images, startBackend } from './containers.ts';

/**
 * `npm run test:containers`: the tests that need a Kafka or a ClickHouse, each file on fresh containers. Which ones is said by KAFKA_BROKERS and CLICKHOUSE_URL,
 * read in one place (test/support); the files do not know what they run on. Where no engine answers, the same files run on local processes.
 * File names instead of all of them.
 */
const root = join(import.meta.dirname, '../..');
const IMAGES: Images = {
  kafka: process.env['KAFKA_IMAGE'] ?? 'apache/kafka:4.3.1',
  clickHouse: process.env['CLICKHOUSE_IMAGE'] ?? 'clickhouse/clickhouse-server:26.7',
};
/** How a file that can run on a given Kafka or ClickHouse gets at it; one that kills brokers has to have its own. */
const CHOOSES_BACKEND = /\b(startKafkaForTest|startClickHouseForTest|createStack)\(/;
const BRINGS_ITS_OWN = /\b(startOwnKafka|startSecuredKafka)\(/;

// The reaper is an image of its own, from a registry; whatever is started here is stopped here.
process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';

const given = process.argv.slice(2);
const files = given.length > 0 ? given : await integrationTests();
const why = await whyNoEngine();
if (why !== null) {
  console.error(`No container engine answers (${why}): the same ${files.length} files run on local processes.`);
  process.exit(run(files, {}));
}
console.error(
  `${files.length} files on ${IMAGES.kafka} and ${IMAGES.clickHouse}, set by KAFKA_IMAGE and CLICKHOUSE_IMAGE`,
);
const failed: string[] = [];
for (const file of files) {
  const backend = await startBackend(IMAGES).catch((error: unknown) => {
    console.error(`The containers did not start: ${error instanceof Error ? error.message : String(error)}`);
    console.error('Where no image registry can be reached, build them with infra/images/build-offline.');
    process.exit(1);
  });
  console.error(`== ${file} on ${backend.env.KAFKA_BROKERS}`);
  if (run([file], backend.env) !== 0) failed.push(file);
  await backend.stop();
}
console.error(
  failed.length === 0 ? `${files.length} files passed on containers` : `failed on containers: ${failed.join(', ')}`,
);
process.exit(failed.length === 0 ? 0 : 1);

async function integrationTests(): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob('test/**/*.test.ts', { cwd: root })) {
    const text = await readFile(join(root, file), 'utf8');
    if (CHOOSES_BACKEND.test(text) && !BRINGS_ITS_OWN.test(text)) found.push(file);
  }
  return found.sort();
}

function run(tests: readonly string[], env: Record<string, string>): number {
  const options = ['--test', '--test-concurrency=1', '--test-timeout=600000', '--test-force-exit'];
  const { status } = spawnSync(process.execPath, [...options, ...tests], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return status ?? 1;
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
