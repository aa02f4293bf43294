import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AllowEntry, Rules } from '../../services/rules/schema.ts';
import type { RulesVersion } from '../../services/rules/version.ts';
import { shippedRules } from '../support/shipped.ts';
import { alertRow, consoleOver, fakeClickHouse, START } from './canned.ts';

const HOUR = 3_600_000;
const EXCEPTED: AllowEntry = {
  kind: 'cluster',
  value: 'c_1',
  owner: 'trust',
  reason: 'a campus',
  expires: '2099-12-31',
};

const version = (effective_at: number, over: Partial<Rules>): RulesVersion => ({
  effective_at,
  published_at: effective_at - HOUR,
  origin: 'operator',
  rules: { ...shippedRules(), ...over },
});

/** What the preview of an exception for the cluster says where hours were judged until then; null: none was. */
async function preview(judgedUntil: number | null, versions: readonly RulesVersion[]) {
  const clickhouse = fakeClickHouse(({ sql }) => {
    if (sql.includes('.cluster_windows')) return judgedUntil === null ? [] : [{ end: judgedUntil }];
    return [{ ...alertRow(), organization: '' }];
  });
  const { app } = consoleOver(clickhouse, [], { ruleVersions: async () => [...versions] });
  const { hidden, rules_known } = (await app.inject('/api/exceptions/preview?kind=cluster&value=c_1')).json();
  return { hidden: hidden.map(({ alert_id }: { alert_id: string }) => alert_id), rules_known };
}

test('a preview goes by the rules in force, not by those that were published last and are still to come', async () => {
  const versions = [version(0, {}), version(START + HOUR, { allow: [EXCEPTED] })];
  assert.deepEqual(await preview(START, versions), { hidden: ['a_c_1'], rules_known: true });
  assert.deepEqual(await preview(START + HOUR, versions), { hidden: [], rules_known: true });
});

test('rules that are over by now do not count, and before anything was judged it is the clock that says what is in force', async () => {
  const versions = [
    version(0, { allow: [EXCEPTED] }),
    version(START - HOUR, {}),
    version(START + HOUR, { allow: [EXCEPTED] }),
  ];
  assert.deepEqual(await preview(null, versions), { hidden: ['a_c_1'], rules_known: true });
});

test('where no rules are in force yet, that is said', async () => {
  assert.deepEqual(await preview(START, [version(START + HOUR, {})]), { hidden: ['a_c_1'], rules_known: false });
});
