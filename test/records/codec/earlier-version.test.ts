import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSchema, schemaText } from '../../../services/records/codec/schemas.ts';
import { addHash, createSketch, estimate } from '../../../services/records/distinct-sketch.ts';
import { computeFeatures } from '../../../services/records/features.ts';
import { accountWindow } from '../../support/records.ts';

const VERSIONS = join(import.meta.dirname, '../../../schemas/versions');
const first = parseSchema(readFileSync(join(VERSIONS, 'account-window/1.avsc'), 'utf8'));
const current = parseSchema(schemaText('account-window'));
const resolver = current.createResolver(first);

test('a window that the first version wrote is read with nothing counted in what is new, and its features can be computed', () => {
  const { accumulator } = current.fromBuffer(first.toBuffer(accountWindow('acct_1', [{}, {}])), resolver);
  assert.equal(accumulator.product_marked, 0);
  assert.deepEqual(accumulator.label_mix, []);
  assert.deepEqual(accumulator.distinct_asns, createSketch());
  const features = computeFeatures({ accumulator, size: 'hour', members: null });
  assert.equal(features.get('calls'), 2);
  assert.equal(features.get('distinct_asns'), 0);
});

test('two windows of the first version do not share what they were given for new fields', () => {
  const bytes = first.toBuffer(accountWindow('acct_1', [{}]));
  const one = current.fromBuffer(bytes, resolver).accumulator;
  const other = current.fromBuffer(bytes, resolver).accumulator;
  addHash(one.distinct_asns, 7);
  one.label_mix.push({ bin: 1, count: 1 });
  one.categories.other = 3;
  assert.equal(estimate(other.distinct_asns), 0);
  assert.deepEqual(other.label_mix, []);
  assert.equal(other.categories.other, 0);
});
