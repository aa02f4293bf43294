import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAdoption } from '../../services/clusters/baseline/adoption.ts';
import { createBallot } from '../../services/clusters/baseline/ballot.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { DAY, HOUR } from '../../services/records/window.ts';
import { createTrackedTables } from '../../services/stream/tracked-tables.ts';
import { accountWindow, T } from '../support/records.ts';

const customers = Array.from({ length: 60 }, (_, i) => accountWindow(`customer_${i}`, [{}]));
/** Accounts that each ask for a model of their own making, by an operation of their own. */
const flood = (count: number, hour = 0) =>
  Array.from({ length: count }, (_, i) =>
    accountWindow(`flood_${i}`, [
      {
        request_model: `model ${hour * count + i} ${'x'.repeat(230)}`,
        operation_name: `operation ${i} ${'y'.repeat(230)}`,
      },
    ]),
  );

test('accounts that each make up a model make no message that a broker refuses, and cohorts of customers are told of as before', () => {
  const evicted = new Map<string, number>();
  const ballot = createBallot(createTrackedTables(), (what, by) => evicted.set(what, (evicted.get(what) ?? 0) + by));
  const everybody = [...flood(5_000), ...customers];
  const votes = ballot.count('hour', T + HOUR, everybody, everybody);
  assert.ok(votes !== null);
  const bytes = createCodecs(null)
    .of('baseline-partial')
    .encode({ ...votes, source: 0 }).length;
  assert.ok(bytes < 2_000_000, `${bytes} bytes`);
  assert.equal(evicted.get('cohort'), 5_000 - 255);
  assert.equal(evicted.get('model'), 5_001 - 1_000);
  const alone = createBallot(createTrackedTables(), () => {}).count('hour', T + HOUR, customers, customers);
  const [cohort] = alone?.mixes ?? [];
  assert.ok(cohort !== undefined);
  assert.deepEqual(
    votes.mixes.find(({ cohort: name }) => name === cohort.cohort),
    cohort,
  );
  assert.equal(votes.models.find(({ model }) => model === 'nimbus-large-4')?.weight, 60_000);
  // Nobody's vote is lost: those beyond the bound vote where they would be added anyway.
  assert.equal(
    votes.mixes.reduce((sum, { accounts }) => sum + accounts, 0),
    5_060,
  );
});

test('whose vote counts where does not depend on the order of the accounts', () => {
  const count = (windows: typeof customers) =>
    createBallot(createTrackedTables(), () => {}).count('hour', T + HOUR, windows, windows);
  const windows = [...flood(600), ...customers];
  const sorted = (votes: ReturnType<typeof count>): string =>
    JSON.stringify([votes?.models, votes?.mixes.map((mix) => JSON.stringify(mix)).sort()]);
  assert.equal(sorted(count(windows)), sorted(count(windows.toReversed())));
});

test('models made up for weeks fill no memory, are counted as they go, and make no old model new', () => {
  const tables = createTrackedTables();
  let evicted = 0;
  const adoption = createAdoption(tables, (models) => {
    evicted += models;
  });
  for (let hour = 0; hour < 72; hour++) {
    adoption.add({
      window_size: 'hour',
      window_end: T + hour * HOUR,
      source: 0,
      cohorts: [],
      mixes: [],
      models: [
        { model: 'nimbus-large-4', weight: 1_000 },
        ...Array.from({ length: 999 }, (_, i) => ({ model: `made up ${hour} ${i}`, weight: 0 })),
      ],
      adopters: 60,
    });
  }
  assert.equal(tables.table('models-called').size, 20_000);
  assert.equal(evicted, 1 + 72 * 999 - 20_000);
  const old = { values: [{ value: 'nimbus-large-4', count: 10 }], other: 0 };
  assert.equal(adoption.pivot(old, 10, T + 72 * HOUR)?.share, 0);
  adoption.add({
    window_size: 'hour',
    window_end: T + 40 * DAY,
    source: 0,
    cohorts: [],
    mixes: [],
    models: [{ model: 'nimbus-large-4', weight: 1 }],
    adopters: 60,
  });
  assert.equal(tables.table('models-called').size, 1, 'what nobody has called for a month is forgotten');
});
