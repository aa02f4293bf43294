import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readRoute } from '../../../services/console/page/route.ts';
import { consoleLink } from '../../../services/notify/targets/text.ts';
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
