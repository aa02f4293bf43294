import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { installHelm } from '../infra/helm/install.ts';
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

interface DebianTool {
  title: string;
  package: string;
  path: string;
  /** Names another one. */
  variable: string;
  needed: string;
}

/** A Debian package that tests use. No service of it is started: invoke-rc.d asks policy-rc.d, and 101 is "no". */
function installTool({ title, package: name, path, variable, needed }: DebianTool): void {
  const tool = process.env[variable] ?? path;
  if (existsSync(tool)) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error(
      `${needed} ${title} at ${tool}: install it (Debian: apt-get install ${name}), or name one in ${variable}.`,
    );
    process.exit(1);
  }
  const policy = '/usr/sbin/policy-rc.d';
  step(title, 'sh', [
    '-c',
    `[ -e ${policy} ] || { trap 'rm -f ${policy}' EXIT; printf '#!/bin/sh\nexit 101\n' >${policy}; chmod +x ${policy}; }
     apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ${name} >/dev/null`,
  ]);
}

installTool({
  title: 'Chromium',
  package: 'chromium',
  path: '/usr/bin/chromium',
  variable: 'CHROMIUM',
  needed: 'The browser tests need',
});
installTool({
  title: 'Alertmanager',
  package: 'prometheus-alertmanager',
  path: '/usr/bin/prometheus-alertmanager',
  variable: 'ALERTMANAGER',
  needed: 'The delivery tests need',
});
installTool({
  title: "Prometheus' promtool",
  package: 'prometheus',
  path: '/usr/bin/promtool',
  variable: 'PROMTOOL',
  needed: 'The tests of alerting rules need',
});
installTool({
  title: 'OpenSSL',
  package: 'openssl',
  path: '/usr/bin/openssl',
  variable: 'OPENSSL',
  needed: 'The tests of TLS need',
});
installTool({
  title: 'Avro for Python',
  package: 'python3-avro',
  path: '/usr/lib/python3/dist-packages/avro',
  variable: 'PYTHON',
  needed: 'The tests of the gateways in Python need',
});
installHelm((line) => console.error(line));
await installKafka({ log: (line: string) => console.error(line) });
step('Types', bin('tsc'), ['--noEmit']);
step('Types of the page', bin('tsc'), ['-p', 'services/console/page']);
step('Lint', bin('biome'), ['check', '--error-on-warnings', '.']);
step('Dependencies', process.execPath, ['infra/dependencies/main.ts']);
const given = process.argv.slice(2);
const files = given.some((argument) => argument.endsWith('.test.ts'))
  ? []
  : (await Array.fromAsync(glob('test/**/*.test.ts', { cwd: root }))).sort();
// Two at a time: many files wait for brokers and browsers of their own most of the time, and more than two of those would wait for each other.
// A test that fails may leave a server open behind it: its file then ends all the same, instead of holding up the rest for ever.
step('Tests', process.execPath, [
  '--test',
  '--test-concurrency=2',
  '--test-timeout=600000',
  '--test-force-exit',
  ...given,
  ...files,
]);
