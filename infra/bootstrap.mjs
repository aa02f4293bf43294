// Runs a script of this repository with what it needs, from a fresh clone on: any Node 20 or newer starts this, installs the packages when they are missing or
// have changed, and goes on with the pinned Node among them. Plain JavaScript, since an older Node cannot run TypeScript.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const node = join(root, 'node_modules/.bin/node');
const stamp = join(root, 'node_modules/.stillwatch-installed');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(
    `Node 20 or newer is needed to begin; this is ${process.version}. Install one from nodejs.org or your distribution.`,
  );
  process.exit(1);
}

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** With npm's `ignore-scripts` the pinned Node does not come: this one does as well when it is as new. */
const isEnough = major >= Number.parseInt(dependencies.node, 10);

if (!(existsSync(node) || isEnough) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.error('Installing the Node packages (about a minute the first time) ...');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // Two packages compile optional parts, for which they would fetch the headers of Node: they get those of this one, or do without.
    env: { npm_config_nodedir: join(dirname(process.execPath), '..'), ...process.env },
  });
  if (npm.error) {
    console.error(`npm could not be run (${npm.error.message}): it comes with Node; check your PATH.`);
    process.exit(1);
  }
  if (npm.status !== 0) process.exit(npm.status ?? 1);
  if (!existsSync(node) && !isEnough) {
    console.error(
      `npm runs no scripts here (ignore-scripts), and without them Node ${dependencies.node} does not come with the packages; this is ${process.version}. What to do: \`npm rebuild node --ignore-scripts=false\`, or begin with Node ${dependencies.node}.`,
    );
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

// Dozens of short processes run the same TypeScript: stripping its types once halves their start.
const env = { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compile'), ...process.env };
const child = spawn(existsSync(node) ? node : process.execPath, process.argv.slice(2), {
  cwd: root,
  stdio: 'inherit',
  env,
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
