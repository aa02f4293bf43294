import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMeant, type Letter, type LetterFilter } from '../../services/dead-letters/letter.ts';

const letter: Letter = {
  reason: 'not_avro',
  detail: '',
  topic: 'llm.api-calls',
  partition: 0,
  offset: '7',
  key: null,
  value: null,
  timestamp: 1,
  rejected_at: 1_000,
};

test('a letter is meant when it passes every filter that is given', () => {
  const meant = (filter: LetterFilter): boolean => isMeant(letter, filter);
  assert.ok(meant({}));
  assert.ok(meant({ ids: new Set(['llm.api-calls/0/7', 'other/1/1']), reasons: new Set(['not_avro']) }));
  assert.ok(!meant({ ids: new Set(['llm.api-calls/0/70']) }));
  assert.ok(!meant({ ids: new Set(['llm.api-calls/0/7']), topics: new Set(['llm.accounts']) }));
  assert.ok(!meant({ reasons: new Set(['truncated']) }));
  assert.ok(meant({ since: 1_000, until: 1_001 }), 'from the first moment on');
  assert.ok(!meant({ until: 1_000 }), 'before the last');
  assert.ok(!meant({ since: 1_001 }));
});
