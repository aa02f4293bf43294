import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNATURES } from '../../services/clusters/signatures/all.ts';
import { FEATURES } from '../../services/records/features.ts';

for (const { name, thresholds, evaluate } of SIGNATURES)
  test(`${name} reads the thresholds that it declares, and no other`, () => {
    const read = new Set<string>();
    const written = Object.fromEntries(
      thresholds.map((key) => [key, key.startsWith('least_') ? 1 : ([0.1, 0.2] as const)]),
    );
    const watched = new Proxy(written, {
      get(target, key: string) {
        read.add(key);
        return target[key];
      },
    });
    // A subject that every signature has enough of.
    evaluate(
      {
        subjectType: 'cluster',
        features: new Map([...FEATURES.map((feature) => feature.name), ...thresholds].map((key) => [key, 0.9])),
        prompts: 1e6,
        calls: 1e6,
        accounts: 1e4,
        samePayer: 0,
        isDeclared: false,
        mean: () => null,
        place: () => ({ percentile: 50, usual: 0.01, note: '' }),
      },
      watched,
    );
    assert.deepEqual([...read].sort(), [...thresholds].sort());
  });
