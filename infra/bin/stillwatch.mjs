#!/usr/bin/env node
// The `stillwatch` command. Runs the TypeScript as it is on the pinned Node that comes with the package; inside an installed package, where Node does not
// strip types, the JavaScript that `npm pack` built beside it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const built = join(root, 'dist/services/main.js');
const main = existsSync(built) ? built : join(root, 'services/main.ts');
const pinned = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin/node');
const child = spawn(existsSync(pinned) ? pinned : process.execPath, [main, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
