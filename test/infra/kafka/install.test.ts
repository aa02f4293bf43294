import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { installKafka } from '../../../infra/kafka/install.ts';

const run = promisify(execFile);
const MODULE = resolve(import.meta.dirname, '../../../infra/kafka/install.ts');

let dir: string;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'stillwatch-infra-'));
});
after(async () => {
  await rm(dir, { recursive: true, force: true });
});

/** In a process of its own: the PATH belongs to the whole process. */
async function installWithPath(path: string, jars: string): Promise<string> {
  const code = `const { installKafka } = await import(${JSON.stringify(MODULE)}); await installKafka({ jars: ${JSON.stringify(jars)} }).then(() => console.log('installed'), (error) => console.log(error.message));`;
  return (await run(process.execPath, ['--input-type=module', '-e', code], { env: { PATH: path } })).stdout;
}

test('without java the error says what is missing and what to do', async () => {
  const empty = join(dir, 'empty');
  await mkdir(empty);
  assert.match(
    await installWithPath(empty, join(dir, 'none')),
    /needs Java, and `java` is not on the PATH: install Java 17 or newer .*KAFKA_BROKERS/,
  );
});

test('without mvn the error says so, and nothing half-done is left that a later install would take for the jars', async () => {
  const onlyJava = join(dir, 'only-java');
  await mkdir(onlyJava);
  const { stdout } = await run('sh', ['-c', 'command -v java']);
  await symlink(stdout.trim(), join(onlyJava, 'java'));
  const jars = join(dir, 'jars');
  assert.match(
    await installWithPath(onlyJava, jars),
    /Maven is needed to fetch Kafka, and `mvn` is not on the PATH: install it .*KAFKA_BROKERS/,
  );
  assert.deepEqual(await readdir(jars), []);
});

test('a second install fetches nothing', async () => {
  await installKafka();
  const told: string[] = [];
  const { classpath } = await installKafka({ log: (line) => told.push(line) });
  assert.deepEqual(told, []);
  assert.ok((await readdir(classpath.slice(0, -'/*'.length))).some((name) => name.startsWith('kafka_2.13-4.3')));
});
