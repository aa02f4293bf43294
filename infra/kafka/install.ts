import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const HERE = import.meta.dirname;
const OLDEST_JAVA = 17;

/** Makes sure that the broker's jars are there, and gives the class path. Quick when nothing has changed. */
export async function installKafka(tell: (line: string) => void): Promise<string> {
  await requireJava();
  const pom = await readFile(join(HERE, 'pom.xml'));
  const wanted = createHash('sha256').update(pom).digest('hex');
  const jars = join(HERE, 'jars');
  const stamp = join(jars, '.installed');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return join(jars, '*');
  tell('Fetching Apache Kafka (44 MB) from Maven Central ...');
  await rm(jars, { recursive: true, force: true });
  await mkdir(jars, { recursive: true });
  try {
    await run(
      'mvn',
      ['-q', '-B', '-f', join(HERE, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`],
      { maxBuffer: 16 * 1024 * 1024 },
    );
  } catch (error) {
    if (isMissing(error))
      throw new Error(
        'Maven is needed to fetch Kafka, and `mvn` is not on the PATH: install it (Debian: apt-get install maven), or set KAFKA_BROKERS to a Kafka of your own',
      );
    throw new Error(`Maven could not fetch Kafka: ${outputOf(error)}`, { cause: error });
  }
  await writeFile(stamp, wanted);
  return join(jars, '*');
}

async function requireJava(): Promise<void> {
  const hint = `install Java ${OLDEST_JAVA} or newer (Debian: apt-get install openjdk-17-jre-headless), or set KAFKA_BROKERS to a Kafka of your own`;
  let output: string;
  try {
    output = (await run('java', ['-version'])).stderr;
  } catch (error) {
    if (isMissing(error)) throw new Error(`Kafka needs Java, and \`java\` is not on the PATH: ${hint}`);
    throw error;
  }
  const version = Number(/version "(\d+)/.exec(output)?.[1] ?? 0);
  if (version < OLDEST_JAVA)
    throw new Error(`Kafka needs Java ${OLDEST_JAVA}, and \`java\` on the PATH is ${version}: ${hint}`);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function outputOf(error: unknown): string {
  return error instanceof Error && 'stdout' in error ? String(error.stdout).slice(-2_000) : String(error);
}
