import { spawnSync } from 'node:child_process';
import { chmod, cp, glob, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { bundlePage } from '../services/console/bundle.ts';

/** `npm pack`: the TypeScript as JavaScript in dist/, where Node does not strip types (inside node_modules), and beside it what it reads at run time. */
const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
await rm(dist, { recursive: true, force: true });
const { status } = spawnSync(
  join(root, 'node_modules/.bin/tsc'),
  ['--noEmit', 'false', '--outDir', dist, '--rootDir', root],
  { cwd: root, stdio: 'inherit' },
);
if (status !== 0) process.exit(status ?? 1);
for (const pattern of [
  'schemas/**/*.avsc',
  'services/**/*.{sql,html,svg,tsv}',
  'services/**/data/*.json',
  'infra/rules/*.{yaml,json}',
  'infra/runbooks/*.md',
]) {
  for await (const file of glob(pattern, { cwd: root })) await cp(join(root, file), join(dist, file));
}
const page = join(dist, 'services/console/page');
const { script, style } = await bundlePage();
await writeFile(join(page, 'app.js'), script);
await writeFile(join(page, 'app.css'), style);
await evenModes(['package.json', ...packageJson.files]);

/**
 * npm packs files with the modes that they have, less the umask of whoever cloned and built: as git keeps them (executable or not, nothing else), the same
 * sources give the same package everywhere, to the byte.
 */
async function evenModes(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const whole = join(root, path);
    const found = await stat(whole);
    if (found.isDirectory()) await evenModes((await readdir(whole)).map((name) => join(path, name)));
    else await chmod(whole, (found.mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
