import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const POM = join(import.meta.dirname, 'pom.xml');
const OLDEST_JAVA = 17;
const OR_YOUR_OWN = 'or set KAFKA_BROKERS to a Kafka of your own';

export interface InstallOptions {
  log?: (line: string) => void;
  /** Where the jars are kept, one folder for each pom. */
  jars?: string;
}

/**
 * Makes sure that the broker's jars are there, and gives the class path. Quick when nothing has changed.
 * @throws when `java` (17 or newer) or `mvn` is missing, or Maven cannot fetch.
 */
export async function installKafka({
  log = () => {},
  jars = join(import.meta.dirname, 'jars'),
}: InstallOptions = {}): Promise<{ classpath: string }> {
  await requireJava();
  const pom = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, 16);
  const folder = join(jars, pom);
  if (!existsSync(folder)) await fetchInto(folder, jars, log);
  return { classpath: join(folder, '*') };
}

/**
 * The folder's name is the stamp: it holds the pom's hash and appears whole, by a rename. So an interrupted download is never taken for a finished
 * one, two installs at a time do no harm, and a new pom leaves the jars of running brokers alone.
 */
async function fetchInto(folder: string, jars: string, log: (line: string) => void): Promise<void> {
  log('Fetching Apache Kafka (44 MB) from Maven Central ...');
  await mkdir(jars, { recursive: true });
  const draft = await mkdtemp(join(jars, '.fetch-'));
  try {
    await run('mvn', ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${draft}`], {
      maxBuffer: 16 * 1024 * 1024,
    });
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error; // somebody else was first, with the same jars
    });
  } catch (error) {
    if (isMissing(error))
      throw new Error(
        `Maven is needed to fetch Kafka, and \`mvn\` is not on the PATH: install it (Debian: apt-get install maven), ${OR_YOUR_OWN}`,
      );
    throw new Error(`Maven could not fetch the jars of ${POM}: ${outputOf(error)}`, { cause: error });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function requireJava(): Promise<void> {
  const hint = `install Java ${OLDEST_JAVA} or newer (Debian: apt-get install openjdk-17-jre-headless), ${OR_YOUR_OWN}`;
  let output: string;
  try {
    output = (await run('java', ['-version'])).stderr;
  } catch (error) {
    if (isMissing(error)) throw new Error(`Kafka needs Java, and \`java\` is not on the PATH: ${hint}`);
    throw new Error(`\`java -version\` failed: ${outputOf(error)}; ${hint}`, { cause: error });
  }
  const version = Number(/version "(\d+)/.exec(output)?.[1] ?? 0);
  if (version < OLDEST_JAVA)
    throw new Error(`Kafka needs Java ${OLDEST_JAVA}, and \`java\` on the PATH says ${output.split('\n')[0]}: ${hint}`);
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'ENOENT' &&
    'syscall' in error &&
    String(error.syscall).startsWith('spawn')
  );
}

function outputOf(error: unknown): string {
  const output =
    error instanceof Error && 'stdout' in error && 'stderr' in error ? `${error.stdout}${error.stderr}`.trim() : '';
  return output === '' ? String(error) : output.slice(-2_000);
}
