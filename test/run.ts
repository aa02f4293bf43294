import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { installKafka } from '../infra/kafka/install.ts';

/**
 * `npm test`: what is missing is installed, then type check, lint, and every test on the real parts, ending with the runner's own summary.
 * Arguments are passed on to the runner; file names instead of all tests.
 */
const root = join(import.meta.dirname, '..');
const bin = (name: string): string => join(root, 'node_modules/.bin', name);

function step(title: string, command: string, args: readonly string[]): void {
  console.error(`== ${title}`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) throw new Error(`${command} could not be run: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

/** Debian's Chromium, for the page; another one may be named in CHROMIUM. */
function installChromium(): void {
  const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  if (existsSync(chromium)) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error(
      `The browser tests need Chromium at ${chromium}: install it (Debian: apt-get install chromium), or name one in CHROMIUM.`,
    );
    process.exit(1);
  }
  step('Chromium', 'sh', [
    '-c',
    'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null',
  ]);
}

installChromium();
await installKafka({ log: (line: string) => console.error(line) });
step('Types', bin('tsc'), ['--noEmit']);
step('Types of the page', bin('tsc'), ['-p', 'services/console/page']);
step('Lint', bin('biome'), ['check', '--error-on-warnings', '.']);
const given = process.argv.slice(2);
const files = given.some((argument) => argument.endsWith('.test.ts'))
  ? []
  : (await Array.fromAsync(glob('test/**/*.test.ts', { cwd: root }))).sort();
// The heavy files each start brokers of their own: one at a time on a small machine.
// A test that fails may leave a server open behind it: its file then ends all the same, instead of holding up the rest for ever.
step('Tests', process.execPath, [
  '--test',
  '--test-concurrency=1',
  '--test-timeout=600000',
  '--test-force-exit',
  ...given,
  ...files,
]);
