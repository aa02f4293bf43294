import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { featureReference } from '../../services/records/feature-reference.ts';
import { CONTEXT_FEATURES } from '../../services/records/features/context.ts';
import { SIGNALS } from '../../services/records/features/signals.ts';
import { FEATURES } from '../../services/records/features.ts';

test('schemas/features.md is what the features say: npm run -s stillwatch -- features --markdown > schemas/features.md', () => {
  const written = readFileSync(join(import.meta.dirname, '../../schemas/features.md'), 'utf8');
  assert.equal(written, featureReference());
});

test('every signal that was named in public has features that exist, and no feature is without a signal', () => {
  assert.equal(SIGNALS.length, 14);
  const known = new Set([...FEATURES, ...CONTEXT_FEATURES].map(({ name }) => name));
  for (const { signal, features } of SIGNALS) {
    assert.notEqual(features.length, 0, signal);
    for (const name of features) assert.ok(known.has(name), `${signal}: ${name}`);
  }
  const carrying = new Set(SIGNALS.flatMap(({ features }) => features));
  for (const name of known) assert.ok(carrying.has(name), `${name} carries no signal`);
});
