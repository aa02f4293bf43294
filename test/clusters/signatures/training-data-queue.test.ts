import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trainingDataQueue } from '../../../services/clusters/signatures/training-data-queue.ts';
import { score, testSignature } from './support.ts';

testSignature(trainingDataQueue, {
  positive: { features: { product_enumeration_share: 0.4, product_share: 0.35 } },
  nearMisses: {
    'people who now and then ask for an explanation': {
      features: { product_enumeration_share: 0, product_share: 0.12 },
    },
    'a queue of other work': { features: { product_enumeration_share: 0.03, product_share: 0.02 } },
  },
  tooLittle: { features: { product_enumeration_share: 1, product_share: 1 }, prompts: 10 },
});

test('a pool whose customers ask for what everybody asks for is none', () => {
  const features = { product_enumeration_share: 0.2, product_share: 0.25 };
  const scored = [0, 0.05, 0.12, 0.2].map((mean) => score(trainingDataQueue, { features, mean }) ?? Number.NaN);
  assert.ok(
    scored.every((value, i) => i === 0 || value <= (scored[i - 1] ?? 0)),
    `${scored}`,
  );
  assert.ok((scored[0] ?? 0) > 0.6 && (scored.at(-1) ?? 1) < 0.1, `${scored}`);
});
