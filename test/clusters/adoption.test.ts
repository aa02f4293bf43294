import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAdoption, modelVotes } from '../../services/clusters/baseline/adoption.ts';
import { createBallot } from '../../services/clusters/baseline/ballot.ts';
import { DAY, HOUR } from '../../services/records/window.ts';
import { createTrackedTables } from '../../services/stream/tracked-tables.ts';
import { accountWindow, T } from '../support/records.ts';

const OLD = 'nimbus-large-4';
const NEW = 'nimbus-large-5';

function callsTo(id: string, models: readonly string[]) {
  return accountWindow(
    id,
    models.map((request_model, i) => ({ event_id: `${id} ${i}`, request_model })),
  );
}

function counts(models: Record<string, number>) {
  return { values: Object.entries(models).map(([value, count]) => ({ value, count })), other: 0 };
}

/** Hours of sixty customers, of whom some have taken up the new model; a linked account may call it first. */
function watch(hours: readonly { at: number; adopters: number; linked?: boolean }[]) {
  const adoption = createAdoption(createTrackedTables(), () => {});
  for (const { at, adopters, linked = false } of hours) {
    const unlinked = Array.from({ length: 60 }, (_, i) => callsTo(`acct_${i}`, [i < adopters ? NEW : OLD]));
    const everybody = linked ? [...unlinked, callsTo('linked', [NEW])] : unlinked;
    adoption.add({
      window_size: 'hour',
      window_end: at,
      source: 0,
      cohorts: [],
      mixes: [],
      models: modelVotes(unlinked, everybody).models,
      adopters: unlinked.length,
    });
  }
  return adoption;
}

const MOVED = counts({ [OLD]: 50, [NEW]: 50 });

test('half a cluster moves on the day of the release, customers hardly: that is its excess', () => {
  const adoption = watch([
    { at: T, adopters: 0 },
    { at: T + 2 * DAY, adopters: 3 },
  ]);
  const pivot = adoption.pivot(MOVED, 100, T + 2 * DAY + HOUR);
  assert.equal(pivot?.share, 0.5);
  assert.ok(pivot.excess !== null && Math.abs(pivot.excess - 0.45) < 1e-9);
});

test('when customers move as fast, there is no excess', () => {
  const adoption = watch([
    { at: T, adopters: 0 },
    { at: T + 2 * DAY, adopters: 30 },
  ]);
  assert.equal(adoption.pivot(MOVED, 100, T + 2 * DAY + HOUR)?.excess, 0);
});

test('on the first day everything is new, so nothing is', () => {
  assert.equal(watch([{ at: T, adopters: 30 }]).pivot(MOVED, 100, T + 12 * HOUR), null);
  assert.equal(watch([{ at: T, adopters: 30 }]).pivot(MOVED, 100, T + 2 * DAY)?.share, 0);
});

test('three days after somebody first called it a model is no longer new, whoever that was', () => {
  const adoption = watch([
    { at: T, adopters: 0 },
    { at: T + 2 * DAY, adopters: 0, linked: true },
    { at: T + 5 * DAY, adopters: 0, linked: true },
  ]);
  assert.equal(adoption.pivot(MOVED, 100, T + 5 * DAY - HOUR)?.share, 0.5);
  assert.equal(adoption.pivot(MOVED, 100, T + 5 * DAY)?.share, 0);
});

test('one account, one vote a day: who never sleeps votes as often as who works an hour', () => {
  const ballot = createBallot(createTrackedTables(), () => {});
  const votes = (hour: number): number => {
    const windows = [callsTo('sleepless', [OLD]), ...(hour === 9 ? [callsTo('customer', [OLD])] : [])];
    const told = ballot.count('hour', T + hour * HOUR, windows, windows);
    return told?.mixes.reduce((sum, { accounts }) => sum + accounts, 0) ?? 0;
  };
  assert.deepEqual(
    Array.from({ length: 24 }, (_, i) => votes(i + 1))
      .map((accounts, i) => [i + 1, accounts])
      .filter(([, n]) => n !== 0),
    [
      [1, 1],
      [9, 1],
    ],
  );
  assert.equal(votes(25), 1, 'and again a day later');
});
