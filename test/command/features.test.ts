import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { CONTEXT_FEATURES } from '../../services/records/features/context.ts';
import { FEATURES } from '../../services/records/features.ts';
import { stillwatch } from '../support/pipeline.ts';

test('features are a list, the reference, or JSON: the same ones', async () => {
  const listed: { name: string; unit: string; formula: string }[] = JSON.parse(
    await stillwatch(['features', '--json']),
  );
  assert.deepEqual(
    listed.map(({ name }) => name),
    [...FEATURES, ...CONTEXT_FEATURES].map(({ name }) => name),
  );
  const text = await stillwatch(['features']);
  for (const { name, unit, formula } of listed)
    assert.ok(text.includes(`  ${name.padEnd(30)} ${unit.padEnd(14)} ${formula}\n`), name);
  const reference = new URL('../../schemas/features.md', import.meta.url);
  assert.equal(await stillwatch(['features', '--markdown']), await readFile(reference, 'utf8'));
});
