import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCodecs } from '../../../services/records/codec/codecs.ts';
import {
  EARLIER_IDS,
  earlierSchemaText,
  parseSchema,
  SCHEMA_IDS,
  schemaText,
} from '../../../services/records/codec/schemas.ts';
import { addHash, createSketch, estimate } from '../../../services/records/distinct-sketch.ts';
import { computeFeatures } from '../../../services/records/features.ts';
import { accountWindow, alertEvent } from '../../support/records.ts';

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

test('an alert that the first version wrote, still on the topic under its own id, is read; its cohort is not known', () => {
  const codec = createCodecs(null).of('alert');
  const { alert } = alertEvent();
  const written = parseSchema(readFileSync(join(VERSIONS, 'alert/1.avsc'), 'utf8')).toBuffer(alert);
  const read = codec.decode(Buffer.concat([Buffer.of(0, 0, 0, 0, 9), written]));
  assert.deepEqual(read.ok && { ...read.value }, { ...alert, cohort: '' });
  assert.deepEqual([...codec.encode(alert).subarray(0, 5)], [0, 0, 0, 0, 16]);
  // As the state of an earlier version has kept it, for the end that this one writes.
  const kept = { ...alert };
  Reflect.deleteProperty(kept, 'cohort');
  const ended = codec.decode(codec.encode(kept));
  assert.equal(ended.ok && ended.value.cohort, '');
});

test('a feature that the second version wrote says nothing of the cohort and of where it counts fully', () => {
  const codec = createCodecs(null).of('alert');
  const { alert } = alertEvent();
  const known = {
    name: 'enumerated_share',
    value: 0.7,
    unit: 'share',
    baseline_percentile: 99,
    threshold: 0.2,
    contribution: 0.5,
  };
  const feature = { ...known, threshold_full: null, baseline_quantiles: [] };
  const signature = { name: 'template-enumeration', version: 3, score: 0.5 };
  const second = { ...alert, signatures: [{ ...signature, features: [known] }] };
  const written = parseSchema(earlierSchemaText('alert', 2)).toBuffer(second);
  const read = codec.decode(Buffer.concat([Buffer.of(0, 0, 0, 0, 15), written]));
  assert.deepEqual(read.ok && JSON.parse(JSON.stringify(read.value.signatures)), [
    { ...signature, features: [feature] },
  ]);
  // As the state of an earlier version has kept it, for the end that this one writes.
  const ended = codec.decode(codec.encode(JSON.parse(JSON.stringify(second))));
  assert.deepEqual(ended.ok && JSON.parse(JSON.stringify(ended.value.signatures[0]?.features)), [feature]);
});

test('no id has two meanings, and each earlier version has one', () => {
  const ids = [...Object.values(SCHEMA_IDS), ...EARLIER_IDS.keys()];
  assert.equal(new Set(ids).size, ids.length);
  for (const [id, { name, version }] of EARLIER_IDS) {
    assert.ok(id < SCHEMA_IDS[name]);
    assert.notEqual(earlierSchemaText(name, version), schemaText(name));
  }
});
