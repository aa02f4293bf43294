import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readRoute } from '../../../services/console/page/route.ts';
import { consoleLink, groupKey } from '../../../services/notify/targets/text.ts';
import { anyEvent, CONSOLE, revision } from '../alerts.ts';

test('a link to the console leads to the alert, whatever its id', () => {
  fc.assert(
    fc.property(anyEvent, ({ alert }) => {
      const { origin, pathname, hash } = new URL(consoleLink(CONSOLE, alert) ?? '');
      const { page, id } = readRoute(hash);
      assert.deepEqual([origin, pathname, page, id], [CONSOLE, '/', 'alerts', alert.alert_id]);
    }),
  );
});

test('it stands behind a proxy too, below a path, and not at all without an address', () => {
  const { alert } = revision(1);
  assert.equal(consoleLink('https://ops.example/stillwatch/', alert), 'https://ops.example/stillwatch/#/alerts/a_1');
  assert.equal(consoleLink('', alert), null);
});

test('a cluster and its sub-populations are one group; two clusters, and an account with an id like theirs, are not', () => {
  const group = (subject_type: 'cluster' | 'account', subject_id: string) =>
    groupKey(revision(1, { subject_type, subject_id }).alert);
  assert.equal(group('cluster', 'c_1~product'), group('cluster', 'c_1'));
  assert.notEqual(group('cluster', 'c_1'), group('cluster', 'c_2'));
  assert.notEqual(group('account', 'c_1'), group('cluster', 'c_1'));
  assert.notEqual(group('account', 'acct_1~product'), group('account', 'acct_1'));
});
