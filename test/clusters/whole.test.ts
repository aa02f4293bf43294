import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupShares } from '../../services/clusters/score/groups.ts';
import { createSubject } from '../../services/clusters/score/subject-state.ts';
import type { Judgement } from '../../services/clusters/score/verdict.ts';
import { areStrangersIn, asAWhole, asHeld, hasGrownUnlike, rememberPage } from '../../services/clusters/score/whole.ts';

const PAGE: Judgement = { verdict: 'harvesting', severity: 'page', confidence: 0.9, signatures: [], shadow: [] };
const POOL: Judgement = { ...PAGE, verdict: 'coordinated_pool', severity: 'info' };

/** A day of so many accounts, of which nothing is known each, with this share of 4,000 prompts marked. */
function day(accounts: number, share: number): GroupShares {
  const nothing = { accounts: 0, marked: { part: 0, whole: 0 }, accountsPerTemplate: null };
  const undecided = { ...nothing, accounts, marked: { part: 4_000 * share, whole: 4_000 } };
  return { product: nothing, agentic: nothing, other: nothing, undecided };
}

test('a campaign that grows is like itself, however fast it does', () => {
  for (const accounts of [110, 200, 1_000])
    for (const whole of [20, 200, 2_000])
      assert.equal(hasGrownUnlike({ part: 0.4 * whole, whole }, day(accounts, 0.4), 100), false);
});

test('a pool that has come in shows in the hour, as soon as it is not chance', () => {
  assert.equal(hasGrownUnlike({ part: 80, whole: 300 }, day(200, 0.4), 100), true);
  assert.equal(hasGrownUnlike({ part: 4, whole: 15 }, day(200, 0.4), 100), false, 'fifteen prompts may be chance');
  assert.equal(hasGrownUnlike({ part: 80, whole: 300 }, day(105, 0.4), 100), false, 'nobody has come in');
  assert.equal(hasGrownUnlike({ part: 80, whole: 300 }, day(200, 0.4), 0), false, 'it has never deserved a page');
});

/** So many of whom it is known that they harvest, and so many others. */
function known(product: number, others: number): GroupShares {
  const shares = day(others, 0.1);
  return { ...shares, product: { ...shares.undecided, accounts: product } };
}

test('forty who come into a paged cluster at once are strangers in it until nearly all are known to harvest', () => {
  const page = { accountsAtPage: 140, othersAtPage: 30 };
  assert.equal(areStrangersIn(known(120, 60), page, false), true);
  assert.equal(
    areStrangersIn(known(140, 40), page, true),
    true,
    'some of the first are known by now, none of the forty',
  );
  assert.equal(areStrangersIn(known(172, 8), page, true), false);
});

test('there are no strangers where few come, where little is known yet, and where nobody was paged', () => {
  const page = { accountsAtPage: 140, othersAtPage: 30 };
  assert.equal(areStrangersIn(known(120, 44), page, false), false, 'as many as are in it by chance');
  assert.equal(areStrangersIn(known(60, 120), page, false), false, 'who is known could not stand for the others');
  assert.equal(areStrangersIn(known(120, 60), { accountsAtPage: 0, othersAtPage: 0 }, false), false);
  assert.equal(
    areStrangersIn(known(120, 60), { accountsAtPage: 140 }, false),
    false,
    'an earlier version kept no others',
  );
});

test('whoever is in a cluster when it is paged is no stranger to that page, though the hours before do not know him yet', () => {
  const whole = createSubject('cluster', 'c', null);
  rememberPage(whole, known(0, 0), 140);
  assert.equal(areStrangersIn(known(90, 50), whole, false), false, 'the minutes had shown the same 140');
  assert.equal(areStrangersIn(known(90, 160), whole, false), true, 'an hour later there are 110 more');
});

test('a later page forgets who was strange to the one before', () => {
  const whole = createSubject('cluster', 'c', null);
  rememberPage(whole, known(100, 10));
  rememberPage(whole, known(120, 60), 150);
  assert.deepEqual([whole.accountsAtPage, whole.othersAtPage], [180, 60]);
});

test('a campaign that grows by those who turn out to harvest has no strangers', () => {
  assert.equal(areStrangersIn(known(160, 30), { accountsAtPage: 140, othersAtPage: 30 }, false), false);
});

test('a cluster with others in it is a ticket at most, and one whose parts answer for themselves is a pool', () => {
  const alike = { hasParts: false, othersAreAlike: null, isMixedUp: false };
  assert.deepEqual(asAWhole(PAGE, alike), PAGE);
  for (const unlike of [{ othersAreAlike: false }, { isMixedUp: true }]) {
    const { verdict, severity, atMost } = asAWhole(PAGE, { ...alike, ...unlike });
    assert.deepEqual({ verdict, severity, atMost }, { verdict: 'harvesting', severity: 'ticket', atMost: 'ticket' });
  }
  const { verdict, severity } = asAWhole(PAGE, { ...alike, hasParts: true });
  assert.deepEqual({ verdict, severity }, { verdict: 'coordinated_pool', severity: 'info' });
  assert.deepEqual(asAWhole(POOL, { ...alike, isMixedUp: true }), POOL, 'a pool accuses nobody');
});

test('a page is held through an hour that does not deserve it only for those who deserved it', () => {
  assert.equal(asHeld(POOL, 100, 105).atMost, undefined);
  assert.equal(asHeld(POOL, 100, 120).atMost, 'ticket');
  assert.equal(asHeld(PAGE, 100, 120).atMost, undefined);
});
