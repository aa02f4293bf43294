import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accountWindowRow } from '../../../services/sink/rows/account-window.ts';
import { alertRow } from '../../../services/sink/rows/alert.ts';
import { clusterWindowRow } from '../../../services/sink/rows/cluster-window.ts';
import { rowOf, tableRow } from '../../../services/sink/rows/table-row.ts';
import { revision } from '../../notify/alerts.ts';
import { accountWindow, clusterWindow } from '../../support/records.ts';
import { rowByName } from '../../support/row-by-name.ts';

test('a row is the same by place, by name and as JSON, whatever is in it', () => {
  const value = fc.oneof(fc.jsonValue(), fc.double(), fc.constant(undefined));
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(fc.string(), value), { selector: ([name]) => name }), (columns) => {
      const row = rowOf<null>(
        columns.map(([name]) => name),
        () => columns.map(([, held]) => held),
      );
      const asNulls = columns.map(([name, held]) => [name, held ?? null] as const);
      assert.deepEqual(JSON.parse(row.json(null)), JSON.parse(JSON.stringify(Object.fromEntries(asNulls))));
      assert.deepEqual(new Map(Object.entries(rowByName(row, null))), new Map(columns));
    }),
  );
});

test('columns keep their order', () => {
  const { columns, values } = tableRow<number>({ b: (n) => n, a: (n) => n + 1 });
  assert.deepEqual(
    [columns, values(1)],
    [
      ['b', 'a'],
      [1, 2],
    ],
  );
});

test('every table has a value for each column, and no column twice', () => {
  const rows = [
    [accountWindowRow.columns, accountWindowRow.values(accountWindow('acct_1', []))],
    [clusterWindowRow.columns, clusterWindowRow.values(clusterWindow('c_1', 9, []))],
    [alertRow.columns, alertRow.values(revision(1))],
  ] as const;
  for (const [columns, values] of rows) {
    assert.equal(values.length, columns.length);
    assert.equal(new Set(columns).size, columns.length);
  }
});
