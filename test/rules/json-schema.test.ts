import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { rulesJsonSchema } from '../../services/rules/json-schema.ts';
import { VOCABULARY } from '../../services/rules/vocabulary.ts';
import { TEXT } from './rules-text.ts';

const shipped = readFileSync(new URL('../../infra/rules/stillwatch.schema.json', import.meta.url), 'utf8');

test('the schema for editors is that of this build: else `stillwatch rules schema > infra/rules/stillwatch.schema.json`', () => {
  assert.deepEqual(JSON.parse(shipped), JSON.parse(rulesJsonSchema(VOCABULARY)));
});

test('the rule file names its schema, and the schema every signature with its thresholds', () => {
  assert.match(TEXT, /^# yaml-language-server: \$schema=stillwatch\.schema\.json\n/);
  for (const { name, thresholds } of VOCABULARY.signatures)
    for (const word of [name, ...thresholds]) assert.ok(shipped.includes(`"${word}"`), word);
});
