import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '../../services/records/account.ts';
import { DAY, HOUR, MINUTE } from '../../services/records/window.ts';
import { seededRandom } from '../support/random.ts';
import { type Job, poisson, pool, reported } from './work-world.ts';
import { account, type Input, names, registered, run, START, seen } from './world.ts';

const TEMPLATES = ['work0', 'work1', 'work2', 'work3'];

/** A call as `calls` reports it of an account with text: its work, and the bin of its template. */
function called(job: Job): Input[] {
  const value = `${Math.floor(job.at / (5 * MINUTE))}:${job.units[0]}`;
  return [reported(job), seen(job.id, (Math.floor(job.at / MINUTE) + 1) * MINUTE, [{ kind: 'lockstep', value }])];
}

/** Calls at random, from the first account's rate down to nearly none. */
function uneven(ids: readonly string[], seed: number, templates: readonly string[] = TEMPLATES): Job[] {
  const random = seededRandom(seed);
  return ids.flatMap((id, i) =>
    poisson(random, START, START + 3 * DAY, 3 + (50 * (ids.length - i)) / ids.length).map((at) => ({
      id,
      at,
      units: [templates[random.below(templates.length)] ?? ''],
      filling: random.below(2 ** 32),
    })),
  );
}

/** Accounts alike in nothing but what `own` gives them. */
function accounts(ids: readonly string[], own: (i: number) => Partial<Account>): Input[] {
  return ids.map((id, i) => {
    const at = START - 40 * DAY - i * 7 * HOUR;
    return registered(account(id, { created_at: at, updated_at: at, ...own(i) }));
  });
}

/** Cards of four accounts for the first of every ten. */
const cards =
  (ofTen: number) =>
  (i: number): Partial<Account> =>
    i % 10 < ofTen ? { payment_fingerprint: `card-${Math.floor(i / 7)}` } : {};

function clustersOf(inputs: readonly Input[]): Map<string, string> {
  return run(inputs).clusters();
}

const RING = names('ring', 40);

test('a pool of uneven rates of which half leaks in fragments is one cluster, the rest of it by the company it keeps', () => {
  const clusters = clustersOf([...accounts(RING, cards(7)), ...uneven(RING, 1).flatMap(called)]);
  assert.ok(clusters.size >= 39, `${clusters.size} of 40`);
  assert.equal(new Set(clusters.values()).size, 1);
});

test('without leaks the same uneven crowd is linked with nobody', () => {
  assert.deepEqual([...clustersOf([...accounts(RING, () => ({})), ...uneven(RING, 1).flatMap(called)])], []);
});

test('users of an application among whom there is an agency with a card of ten seats are not linked', () => {
  const ids = names('user', 60);
  const inputs = [
    ...accounts(ids, (i) => (i % 6 === 0 ? { payment_fingerprint: 'agency' } : {})),
    ...uneven(ids, 2).flatMap(called),
  ];
  const clusters = clustersOf(inputs);
  assert.deepEqual(
    [...clusters.keys()].filter((id) => Number(id.slice(4)) % 6 !== 0),
    [],
  );
});

test('a crowd of one declared organization is no ring', () => {
  const inputs = accounts(RING, (i) => ({ ...cards(7)(i), organization_id: 'org-1' }));
  assert.deepEqual([...clustersOf([...inputs, ...uneven(RING, 1).flatMap(called)])], []);
});

const BYSTANDERS: readonly { who: string; jobs: (id: string) => Job[] }[] = [
  {
    who: 'an honest judge who sends a thousand calls a day on one of its templates',
    jobs: (id) => daily(id, 1000, ['work0']),
  },
  { who: 'one who sends a thousand calls a day on all of its templates', jobs: (id) => daily(id, 1000, TEMPLATES) },
  { who: 'one who now and then does one of its templates only', jobs: (id) => daily(id, 5, ['work1']) },
  {
    who: 'one who does all of its templates among as much work of his own',
    jobs: (id) => [...daily(id, 10, TEMPLATES), ...daily(id, 10, ['own0', 'own1', 'own2'])],
  },
];

function daily(id: string, calls: number, templates: readonly string[]): Job[] {
  const random = seededRandom(calls + templates.length);
  return poisson(random, START, START + 3 * DAY, calls).map((at) => ({
    id,
    at,
    units: [templates[random.below(templates.length)] ?? ''],
    filling: random.below(2 ** 32),
  }));
}

for (const { who, jobs } of BYSTANDERS) {
  test(`${who} does not keep the company of a ring`, () => {
    const clusters = clustersOf([
      ...accounts([...RING, 'bystander'], (i) => (i < RING.length ? cards(7)(i) : {})),
      ...uneven(RING, 1).flatMap(called),
      ...jobs('bystander').flatMap(called),
    ]);
    assert.ok(clusters.size >= 39, `${clusters.size} of 40`);
    assert.ok(!clusters.has('bystander'));
  });
}

test('work of which others do most is no ring’s: whoever is acquainted among its users is a user', () => {
  const others = names('busy', 12);
  const clusters = clustersOf([
    ...accounts([...RING, ...others], (i) => (i < RING.length ? cards(7)(i) : {})),
    ...uneven(RING, 1).flatMap(called),
    ...others.flatMap((id) => daily(id, 1_000, TEMPLATES)).flatMap(called),
  ]);
  // Each card is known for what it is.
  assert.ok(new Set(clusters.values()).size > 1);
  assert.deepEqual(
    RING.filter((id, i) => i % 10 >= 7 && clusters.has(id)),
    [],
  );
});

test('who keeps a ring’s company is told so, and leaves with the work', () => {
  const links = run([...accounts(RING, cards(7)), ...uneven(RING, 1).flatMap(called)]);
  assert.deepEqual(
    links.latest('ring008')?.evidence.map(({ kind }) => kind),
    ['work_queue'],
  );
  links.watermark(START + 12 * DAY);
  assert.equal(links.latest('ring008')?.cluster_id, null);
});

test('two pools that have some templates in common are two clusters', () => {
  const named = (prefix: string, seed: number): Job[] =>
    pool({
      accounts: 40,
      callsADay: 26,
      dispatch: 'random',
      seed,
      templates: 6,
      units: (template) => [template < 2 ? `common${template}` : `${prefix}${template}`],
    }).map((job) => ({ ...job, id: `${prefix}${job.id}` }));
  const jobs = [...named('a', 3), ...named('b', 4)];
  const ids = [...new Set(jobs.map(({ id }) => id))].sort();
  const clusters = clustersOf([...accounts(ids, () => ({})), ...jobs.map(reported)]);
  const of = (prefix: string) => ids.filter((id) => id.startsWith(prefix)).map((id) => clusters.get(id));
  for (const prefix of ['a', 'b']) assert.ok(of(prefix).filter((id) => id !== undefined).length >= 38);
  const common = new Set(of('a')).intersection(new Set(of('b')));
  common.delete(undefined);
  assert.equal(common.size, 0);
});
