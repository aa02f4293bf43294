import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '../..');
const BUILT = '/build/dist/';

interface Instruction {
  name: string;
  text: string;
}

async function stages(): Promise<Instruction[][]> {
  const text = await readFile(join(ROOT, 'infra/Dockerfile'), 'utf8');
  const all = text
    .replace(/^#.*$/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => /^(?<name>[A-Z]+) (?<text>.*)$/.exec(line)?.groups)
    .filter((groups) => groups !== undefined)
    .map(({ name = '', text: rest = '' }) => ({ name, text: rest }));
  const found: Instruction[][] = [[]];
  for (const instruction of all) {
    if (instruction.name === 'FROM') found.push([]);
    found.at(-1)?.push(instruction);
  }
  return found;
}

const of = (stage: readonly Instruction[] | undefined, name: string): string[] =>
  (stage ?? []).filter((instruction) => instruction.name === name).map(({ text }) => text);

test('the image has the Node that everything is tested with', async () => {
  const [head] = await stages();
  assert.deepEqual(of(head, 'ARG'), [`NODE_IMAGE=node:${packageJson.dependencies.node}-bookworm-slim`]);
});

test('every file that is copied is there, and in the context of the build', async () => {
  const ignored = (await readFile(join(ROOT, 'infra/Dockerfile.dockerignore'), 'utf8')).split('\n');
  for (const stage of await stages())
    for (const copy of of(stage, 'COPY')) {
      if (copy.startsWith('--from=')) continue;
      for (const source of copy.split(' ').slice(0, -1)) {
        assert.ok(existsSync(join(ROOT, source)), source);
        assert.ok(ignored.includes(`!${source}`), `${source} is not in the context`);
      }
    }
});

test('the first stage has every file that the package is made of', async () => {
  const copied = of((await stages())[1], 'COPY').flatMap((copy) => copy.split(' ').slice(0, -1));
  const made = packageJson.files.filter((file) => !file.startsWith('dist/'));
  for (const file of made)
    assert.ok(
      copied.some((path) => file === path || file.startsWith(`${path}/`)),
      file,
    );
});

test('the last stage has what the package ships, no tool to build with, and no user that is root', async () => {
  const last = (await stages()).at(-1);
  assert.deepEqual(of(last, 'RUN'), []);
  assert.deepEqual(of(last, 'USER'), ['1000:1000']);
  const copied = of(last, 'COPY').flatMap((copy) => {
    const [, path = ''] = /^--from=build (\S+)/.exec(copy) ?? [];
    return path === '' ? [] : [path.replace(BUILT, 'dist/')];
  });
  assert.deepEqual(copied.sort(), packageJson.files.filter((file) => file.startsWith('dist/')).sort());
});

test('Node is started without a shell in between, which would keep signals to itself', async () => {
  const last = (await stages()).at(-1);
  for (const text of [...of(last, 'ENTRYPOINT'), ...of(last, 'CMD')])
    assert.ok(Array.isArray(JSON.parse(text)), `${text} is not in exec form`);
});
