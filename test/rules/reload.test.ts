import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { parseRules } from '../../services/rules/parse.ts';
import { createRulesReload, type ReloadOutcome } from '../../services/rules/reload.ts';
import type { RulesVersion } from '../../services/rules/version.ts';
import { VOCABULARY } from '../../services/rules/vocabulary.ts';
import { parsed, RULES, TEXT } from './rules-text.ts';

const CHANGED = TEXT.replace(/page_from: [\d.]+/, 'page_from: 0.8625');
const version = (text: string, origin: RulesVersion['origin']): RulesVersion => ({
  effective_at: 0,
  published_at: 1,
  origin,
  rules: parsed(text),
});

/** A start with this file's text where these versions are published already. */
async function start(text: string, published: RulesVersion[]) {
  const outcomes: ReloadOutcome[] = [];
  const versions = [...published];
  const reload = createRulesReload({
    file: 'rules.yaml',
    read: async () => text,
    parse: (content) => parseRules(content, VOCABULARY),
    versions: async () => versions,
    async publish(rules) {
      const made: RulesVersion = { effective_at: 3_600_000, published_at: 2, origin: 'file', rules };
      versions.push(made);
      return { version: made, late: false };
    },
    count: (outcome) => outcomes.push(outcome),
    log: pino({ level: 'silent' }),
    every: 0,
  });
  await reload.start();
  return { outcomes, hashes: versions.map(({ rules }) => rules.hash) };
}

test('the first start publishes its file, and the next one finds it published', async () => {
  assert.deepEqual(await start(TEXT, []), { outcomes: ['applied'], hashes: [RULES.hash] });
  assert.deepEqual(await start(`# a comment\n${TEXT}`, [version(TEXT, 'file')]), {
    outcomes: ['unchanged'],
    hashes: [RULES.hash],
  });
});

test('a start with another file publishes it, unless a person applied what is in force', async () => {
  const other = parsed(CHANGED).hash;
  assert.deepEqual((await start(CHANGED, [version(TEXT, 'file')])).hashes, [RULES.hash, other]);
  assert.deepEqual(await start(CHANGED, [version(TEXT, 'operator')]), { outcomes: ['kept'], hashes: [RULES.hash] });
});

test('a start with a bad file goes on with the rules there are, and does not start without any', async () => {
  const bad = TEXT.replace('page_from', 'page_form');
  assert.deepEqual(await start(bad, [version(TEXT, 'file')]), { outcomes: ['rejected'], hashes: [RULES.hash] });
  await assert.rejects(start(bad, []), /no rules are published/);
});
