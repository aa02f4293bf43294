import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LentDeps, withoutLent } from '../../services/links/lent-accounts.ts';
import { DAY, MINUTE } from '../../services/records/window.ts';
import { seededRandom } from '../support/random.ts';
import { type Job, poisson, reported } from './work-world.ts';
import { account, type Input, names, registered, run, START, seen } from './world.ts';

const CAMPAIGN = names('campaign', 20);
const POOL = names('pool', 40);
/** Every fourth account of the pool works for the campaign, too. */
const LENT = POOL.filter((_, i) => i % 4 === 0);
const WORKING = [...CAMPAIGN, ...LENT];
const WORK = {
  own: [
    {
      unit: 'work',
      calls: new Map(WORKING.map((id) => [id, [1, 2, 3]])),
      sighted: new Set(WORKING),
      fillings: { known: 0, again: 0 },
    },
  ],
};
const EVER = 0;

/** Cards of five; `silent` have not called of late. */
function known(clusters: (id: string) => string | null, silent: ReadonlySet<string> = new Set()): LentDeps {
  const everybody = [...CAMPAIGN, ...POOL];
  const cardOf = (id: string): string => `${id.slice(0, 4)} ${Math.floor(Number(id.slice(-3)) / 5)}`;
  return {
    clusterOf(id) {
      const cluster = clusters(id);
      return cluster === null
        ? null
        : { id: cluster, accounts: everybody.filter((other) => clusters(other) === cluster).length };
    },
    acquaintancesOf: (id) => everybody.filter((other) => other !== id && cardOf(other) === cardOf(id)),
    binsOf: (id) => (silent.has(id) ? 0 : 100),
  };
}

const byName = (id: string): string => (id.startsWith('pool') ? 'c_pool' : 'c_campaign');

test('accounts of a pool that are lent to a campaign are not the campaign’s', () => {
  assert.deepEqual(withoutLent(WORKING, WORK, EVER, known(byName)), CAMPAIGN);
});

test('a campaign whose accounts are in no cluster, or in many small ones, loses nobody', () => {
  assert.deepEqual(
    withoutLent(
      CAMPAIGN,
      WORK,
      EVER,
      known(() => null),
    ),
    CAMPAIGN,
  );
  assert.deepEqual(
    withoutLent(
      CAMPAIGN,
      WORK,
      EVER,
      known((id) => `c_${id.slice(-2)}`),
    ),
    CAMPAIGN,
  );
});

test('acquaintances that do not call say nothing: suspended accounts are not at other work', () => {
  const others = new Set(POOL.filter((id) => !LENT.includes(id)));
  assert.deepEqual(withoutLent(WORKING, WORK, EVER, known(byName, others)), WORKING);
});

test('where only lent accounts do the work, all of them are lent', () => {
  const own = [{ ...WORK.own[0], calls: new Map(LENT.map((id) => [id, [1, 2, 3]])) }] as typeof WORK.own;
  assert.deepEqual(withoutLent(LENT, { own }, EVER, known(byName)), []);
});

/** Calls of an account on one of these templates each. */
function work(id: string, templates: readonly string[], aDay: number, seed: number, band?: string): Job[] {
  const random = seededRandom(seed);
  return poisson(random, START, START + 3 * DAY, aDay).map((at) => ({
    id,
    at,
    units: [templates[random.below(templates.length)] ?? '', ...(band === undefined ? [] : [band])],
    filling: random.below(2 ** 32),
  }));
}

function called(job: Job): Input[] {
  const value = `${Math.floor(job.at / (5 * MINUTE))}:${job.units[0]}`;
  return [reported(job), seen(job.id, (Math.floor(job.at / MINUTE) + 1) * MINUTE, [{ kind: 'lockstep', value }])];
}

/** Accounts of the pool, which also does things of its own, that are in the campaign's cluster after three days. */
function togetherAfter(harvest: readonly Job[]): string[] {
  const card = (id: string): string => `card-${id.slice(0, 4)}-${Math.floor(Number(id.slice(-3)) / 10)}`;
  const accounts = [...CAMPAIGN, ...POOL].map((id, i) => {
    const at = START - 40 * DAY - i * 3_600_000;
    return registered(account(id, { created_at: at, updated_at: at, payment_fingerprint: card(id) }));
  });
  const own = POOL.flatMap((id, i) => work(id, [`own${i}`, `other${i}`], 20, i));
  const clusters = run([...accounts, ...[...own, ...harvest].flatMap(called)]).clusters();
  const campaigns = new Set(CAMPAIGN.map((id) => clusters.get(id)));
  assert.equal(campaigns.size, 1);
  return POOL.filter((id) => campaigns.has(clusters.get(id)));
}

test('a pool some of whose accounts are lent to a campaign stays a cluster of its own', () => {
  const harvest = WORKING.flatMap((id, i) => work(id, ['w0', 'w1', 'w2', 'w3'], 26, 100 + i));
  assert.deepEqual(togetherAfter(harvest), []);
});

test('so does one whose accounts are lent to a harvest of its own that words it like the campaign', () => {
  const campaign = CAMPAIGN.flatMap((id, i) => work(id, ['w0', 'w1', 'w2', 'w3'], 26, 100 + i, 'opening'));
  const harvest = LENT.flatMap((id, i) => work(id, ['v0', 'v1', 'v2', 'v3'], 26, 200 + i, 'opening'));
  assert.deepEqual(togetherAfter([...campaign, ...harvest]), []);
});
