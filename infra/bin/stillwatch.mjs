#!/usr/bin/env node
// The `stillwatch` command. Runs the TypeScript as it is on the pinned Node that comes with the package; inside an installed package, where Node does not
// strip types, the JavaScript that `npm pack` built beside it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const built = join(root, 'dist/services/main.js');
const main = existsSync(built) ? built : join(root, 'services/main.ts');
const pinned = join(dirname(require.resolve('node/package.json')), 'bin/node');
const wanted = require('../../package.json').dependencies.node;
// `npm install --ignore-scripts` leaves the pinned one out, since npm's package of it is put together by a script: whatever Node runs this must do then.
if (!existsSync(pinned) && Number.parseInt(process.versions.node, 10) < Number.parseInt(wanted, 10)) {
  console.error(
    `stillwatch needs Node ${wanted}, and this is ${process.version}: its packages were installed without scripts, which leaves their own Node out. What to do: \`npm rebuild node\` where they are, or run it with Node ${wanted}`,
  );
  process.exit(1);
}
const child = spawn(existsSync(pinned) ? pinned : process.execPath, [main, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
