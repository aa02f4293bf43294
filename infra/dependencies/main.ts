import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { auditOutcome } from './audit.ts';
import { inspectDependencies } from './inspect.ts';

/**
 * `npm run check:dependencies`: from where, under which licence, what runs at install; then whether a vulnerability is known of any.
 * `--list` prints every package with its licence, `--offline` asks nobody.
 */
const root = join(import.meta.dirname, '../..');
const AUDIT_TIMEOUT = 60_000;

const { dependencies, problems } = await inspectDependencies(root);
if (process.argv.includes('--list'))
  for (const { name, version, licence, isDevelopment } of dependencies)
    console.log(
      `${name.padEnd(44)} ${version.padEnd(16)} ${licence.padEnd(20)} ${isDevelopment ? 'development' : ''}`.trimEnd(),
    );
for (const problem of problems) console.error(problem);
const shipped = dependencies.filter(({ isDevelopment }) => !isDevelopment).length;
console.error(
  `${dependencies.length} packages, ${shipped} of them shipped, all from npm by hash; ${problems.length} problem(s) with licences and install scripts`,
);
if (problems.length > 0) process.exitCode = 1;

if (!process.argv.includes('--offline')) {
  const { stdout } = spawnSync('npm', ['audit', '--json'], {
    cwd: root,
    encoding: 'utf8',
    timeout: AUDIT_TIMEOUT,
  });
  const { says, fails } = auditOutcome(stdout);
  console.error(says);
  if (fails) process.exitCode = 1;
}
