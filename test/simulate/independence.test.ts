import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { it } from 'node:test';

const services = resolve(import.meta.dirname, '../../services');

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function localImports(file: string): string[] {
  const found = readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g);
  return [...found].map(([, path]) => relative(services, resolve(dirname(file), path ?? '')));
}

// An evaluation is worth something only while the simulator knows nothing of the detector, nor the detector of the simulator.
it('the simulator imports the two record types of the contract and nothing else of the product', () => {
  const allowed = ['records/api-call.ts', 'records/account.ts'];
  const files = sources(join(services, 'simulate'));
  assert.ok(files.length > 20);
  for (const file of files) {
    const foreign = localImports(file).filter((path) => !path.startsWith('simulate/') && !allowed.includes(path));
    assert.deepEqual(foreign, [], `${relative(services, file)} imports the detector`);
  }
});

it('nothing but the command line imports the simulator', () => {
  for (const file of sources(services)) {
    const path = relative(services, file);
    if (/^(simulate\/|command\/|main\.ts$)/.test(path)) continue;
    assert.deepEqual(
      localImports(file).filter((target) => target.startsWith('simulate/')),
      [],
      `${path} imports the simulator`,
    );
  }
});
