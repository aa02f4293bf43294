import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '../../services/records/alert.ts';
import { HOUR, MINUTE } from '../../services/records/window.ts';
import { createFlaggedAccounts, type FlaggedAccount } from '../../services/replay/flagged-accounts.ts';
import { alertEvent, T } from '../support/records.ts';

const GRACE = MINUTE;

function follow() {
  const lines: FlaggedAccount[] = [];
  const flagged = createFlaggedAccounts(GRACE, (line) => lines.push(line));
  return {
    join(accountId: string, hour: number, clusterId: string | null = 'c_1'): void {
      flagged.assignment({
        account_id: accountId,
        cluster_id: clusterId,
        version: hour + 1,
        effective_at: T + hour * HOUR,
        reason: clusterId === null ? 'left' : 'joined',
        previous_cluster_id: null,
        cluster_size: 1,
        evidence: [],
      });
    },
    alert(severity: Alert['severity'], hour: number, status: Alert['status'] = 'open'): void {
      const { alert } = alertEvent();
      flagged.alert({
        type: 'stillwatch.alert.updated',
        emitted_at: T + hour * HOUR + GRACE,
        alert: { ...alert, severity, status, subject_id: 'c_1' },
      });
    },
    /** `account severity hour`, with a minus when it leaves. */
    said: () =>
      lines.map(({ account_id, severity, flagged_at, unflagged_at }) => {
        const hour = ((unflagged_at ?? flagged_at) - GRACE - T) / HOUR;
        return `${unflagged_at === undefined ? '' : '-'}${account_id} ${severity} ${hour}`;
      }),
  };
}

test('an account is part of an alert from the first message on that was judged with it, once at each severity', () => {
  const { join, alert, said } = follow();
  join('a', 0);
  alert('ticket', 1);
  alert('ticket', 2);
  alert('page', 3);
  assert.deepEqual(said(), ['a ticket 1', 'a page 3']);
});

test('who joins a page is part of it only when the next message says so: it may be lowered because of him', () => {
  const { join, alert, said } = follow();
  join('a', 0);
  alert('page', 1);
  join('b', 2);
  alert('ticket', 2);
  assert.deepEqual(said(), ['a page 1', 'a ticket 2', 'b ticket 2']);
});

test('an assignment that is told of before it comes into force is not part of a message before that', () => {
  const { join, alert, said } = follow();
  join('a', 2);
  alert('page', 1);
  assert.deepEqual(said(), []);
  alert('page', 2);
  assert.deepEqual(said(), ['a page 2']);
});

test('who leaves, and everybody when it resolves, is told of once', () => {
  const { join, alert, said } = follow();
  join('a', 0);
  join('b', 0);
  alert('page', 1);
  join('a', 2, null);
  alert('page', 3, 'resolved');
  assert.deepEqual(said(), ['a page 1', 'b page 1', '-a page 2', '-b page 3']);
});
