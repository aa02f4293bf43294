import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { SIGNATURE_NAMES, SIGNATURES } from '../../../services/clusters/signatures/all.ts';
import { FACETS } from '../../../services/clusters/signatures/signature.ts';
import { shippedRules } from './support.ts';

const files = (folder: string): string[] => readdirSync(new URL(folder, import.meta.url));

test('every signature has a file, a test and a rule of its name', () => {
  const sources = files('../../../services/clusters/signatures/')
    .filter((file) => file !== 'all.ts' && file !== 'signature.ts')
    .map((file) => file.replace('.ts', ''));
  const tests = files('.')
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => file.replace('.test.ts', ''));
  assert.deepEqual([...SIGNATURE_NAMES].sort(), sources.sort());
  assert.deepEqual(
    [...SIGNATURE_NAMES].filter((name) => !tests.includes(name)),
    [],
  );
  assert.deepEqual(Object.keys(shippedRules().signatures).sort(), [...SIGNATURE_NAMES].sort());
});

test('every facet has a signature', () => {
  const facets = new Set(SIGNATURES.map(({ facet }) => facet));
  assert.deepEqual([...facets].sort(), [...FACETS].sort());
});
