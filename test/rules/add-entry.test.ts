import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addEntry } from '../../services/rules/add-entry.ts';
import type { AllowEntry } from '../../services/rules/schema.ts';
import { parsed, TEXT } from './rules-text.ts';

const ENTRY: AllowEntry = {
  kind: 'attribute',
  value: 'egress_network:192.0.2.0/24',
  owner: 'trust@example.org',
  reason: 'a campus: asked on 3 May',
  expires: '2026-12-31',
};
const OTHER = '{ kind: account, value: a, owner: o, reason: r, expires: 2026-12-31 }';

/** Lines of `before` that are not in `after` any more. */
function lost(before: string, after: string): string[] {
  const kept = new Set(after.split('\n'));
  return before.split('\n').filter((line) => !kept.has(line));
}

for (const [what, allow] of [
  ['an empty list', 'allow: []'],
  ['a list of lines', `allow:\n  - ${OTHER} # asked twice\n`],
  [
    'a list of blocks, with more after it',
    'allow:\n  # campus\n  - kind: account\n    value: a\n    owner: o\n    reason: r # why\n    expires: 2026-12-31\n# the end\n',
  ],
  ['no list at all', ''],
] as const)
  test(`an exception is added to ${what}; everything else stays as it was`, () => {
    const text = TEXT.replace('allow: []\n', `${allow}\n`);
    const after = addEntry(text, ENTRY);
    assert.deepEqual(lost(text, after), allow === 'allow: []' ? ['allow: []'] : []);
    assert.deepEqual(parsed(after).allow.at(-1), ENTRY);
    assert.equal(parsed(after).allow.length, parsed(text).allow.length + 1);
  });

test('a list in one line becomes a list of lines', () => {
  const text = TEXT.replace('allow: []', `allow: [${OTHER}]`);
  assert.deepEqual(
    parsed(addEntry(text, ENTRY)).allow.map(({ value }) => value),
    ['a', ENTRY.value],
  );
});
