import { randomUUID } from 'node:crypto';
import type { ClickHouse } from '../../services/platform/clickhouse.ts';
import { alertRow } from '../../services/sink/rows/alert.ts';
import { dateTime } from '../../services/sink/rows/time.ts';
import { alertEvent, T } from '../support/records.ts';
import { rowByName } from '../support/row-by-name.ts';

/** With what would end a quoted text early, or mean something in a regular expression. */
export const ACCOUNT = 'acct_o\'h"ara.+\\';
/** Begins like it. */
export const OTHER = `${ACCOUNT}2`;

const AT = dateTime(T);
/** Not so old that the table has dropped it. */
const window_end = dateTime(Date.now());

/** Both accounts wherever a name can stand, in every table that has such a place. */
export async function seedAccount({ insert }: Pick<ClickHouse, 'insert'>): Promise<void> {
  const alert = (over: object) => rowByName(alertRow, { ...alertEvent(), alert: { ...alertEvent().alert, ...over } });
  const own = (account: string) =>
    alert({
      alert_id: `a_${account}`,
      subject_type: 'account',
      subject_id: account,
      sample_accounts: [account],
      query: `SELECT * FROM cluster_windows WHERE subject_id = '${account}'`,
    });
  // Each time: an erased row that is written again must not be taken for a repetition.
  const token = randomUUID();
  const both = [ACCOUNT, OTHER];
  for (const table of ['account_windows', 'assignments', 'memberships'])
    await insert(
      table,
      both.map((account_id) => ({ account_id, ...(table === 'account_windows' ? { window_end } : {}) })),
      token,
    );
  await insert(
    'cluster_windows',
    [
      ...both.map((subject_id) => ({ subject_type: 'account', subject_id, sample_accounts: [subject_id], window_end })),
      { subject_type: 'cluster', subject_id: 'c_1', sample_accounts: both, window_end },
    ],
    token,
  );
  await insert(
    'alerts',
    [...both.map(own), alert({ alert_id: 'a_c_1', subject_id: 'c_1', sample_accounts: both })],
    token,
  );
  const told = both.map((subject_id, offset) => ({
    target: 'oncall',
    partition: 0,
    offset,
    alert_id: `a_${subject_id}`,
    subject_type: 'account',
    subject_id,
    emitted_at: window_end,
  }));
  await insert('deliveries', told, token);
  await insert('undelivered', told, token);
  const mark = { marked_at: AT, mark: 'true', duplicate_of: '', marked_by: 'kim' };
  await insert(
    'alert_marks',
    [
      { ...mark, alert_id: `a_${ACCOUNT}`, note: '' },
      { ...mark, alert_id: `a_${OTHER}`, note: `not ${OTHER}` },
      {
        ...mark,
        alert_id: 'a_c_1',
        mark: 'duplicate',
        duplicate_of: `a_${ACCOUNT}`,
        note: `with ${ACCOUNT},${ACCOUNT} (a_${ACCOUNT}): see x`,
      },
    ],
    token,
  );
  const handled = { handled_at: AT, action: 'assigned', assignee: 'kim', severity: 'page', author: 'kim' };
  await insert(
    'alert_handling',
    [
      ...both.map((account) => ({ ...handled, alert_id: `a_${account}`, note: '' })),
      { ...handled, alert_id: 'a_c_1', note: `asked ${ACCOUNT}` },
    ],
    token,
  );
  const silence = { target_type: 'alert', starts_at: AT, ends_at: AT, written_at: AT, author: 'kim' };
  await insert(
    'silences',
    [
      ...both.map((account) => ({ ...silence, silence_id: account.slice(-1), target_id: `a_${account}`, reason: '' })),
      { ...silence, silence_id: '3', target_id: 'a_c_1', reason: `${ACCOUNT} knows` },
    ],
    token,
  );
  await insert(
    'audit_log',
    [
      {
        audited_at: dateTime(Date.now()),
        author: 'kim',
        role: '',
        action: 'silence',
        target: `alert a_${ACCOUNT}`,
        detail: JSON.stringify({ alert_ids: both.map((account) => `a_${account}`), reason: `${ACCOUNT} again` }),
        address: '',
      },
    ],
    token,
  );
}
