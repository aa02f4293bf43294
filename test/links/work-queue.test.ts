import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINK_ROWS } from '../../services/links/link-rows.ts';
import { DEFAULT_LINK_SETTINGS } from '../../services/links/settings.ts';
import { DAY, HOUR, MINUTE } from '../../services/records/window.ts';
import { createTrackedTables } from '../../services/stream/tracked-tables.ts';
import { seededRandom } from '../support/random.ts';
import { type Dispatch, type Job, poisson, pool, reported, spreadRate, strangers, users } from './work-world.ts';
import { createLinks, names, run, START } from './world.ts';

function clustersOf(jobs: readonly Job[], days = 3): Map<string, string> {
  const ids = [...new Set(jobs.map(({ id }) => id))].sort();
  return run([...strangers(ids), ...jobs.map(reported)], days).clusters();
}

const SAME_WORDING = (template: number): readonly string[] => [`template${template}`, `0a${template}`];
const DISPATCHES: readonly Dispatch[] = ['round robin', 'random', 'sticky', 'least loaded'];

for (const dispatch of DISPATCHES) {
  for (const { accounts, callsADay, seed } of [
    { accounts: 50, callsADay: 10, seed: 1 },
    { accounts: 30, callsADay: 26, seed: 2 },
    { accounts: 16, callsADay: 50, seed: 3 },
  ]) {
    test(`${accounts} accounts that share nothing but a queue are one cluster: ${dispatch}, ${callsADay} calls a day each`, () => {
      const clusters = clustersOf(pool({ accounts, callsADay, dispatch, seed, units: SAME_WORDING }));
      assert.ok(clusters.size >= 0.9 * accounts, `${clusters.size} of ${accounts}`);
      assert.equal(new Set(clusters.values()).size, 1);
    });
  }
}

test('a queue is seen through wordings of each account’s own that meet in some band only', () => {
  const jobs = pool({
    accounts: 40,
    callsADay: 26,
    dispatch: 'random',
    seed: 4,
    // Every other account's opening is changed beyond recognition, its tail is not.
    units: (template, account) => [
      `template${template}-${account}`,
      account % 2 === 0 ? `0a${template}` : `0b${template}-${account}`,
      `5c${template}`,
    ],
  });
  const clusters = clustersOf(jobs);
  assert.ok(clusters.size >= 36, `${clusters.size} of 40`);
  assert.equal(new Set(clusters.values()).size, 1);
});

test('a queue of thirty templates, of which an account gets one every few days, is taken together', () => {
  const jobs = pool({ accounts: 60, callsADay: 20, dispatch: 'random', seed: 5, templates: 30, units: SAME_WORDING });
  const clusters = clustersOf(jobs);
  assert.ok(clusters.size >= 54, `${clusters.size} of 60`);
});

test('users who happen to share the template of a queue are no part of it', () => {
  const bystanders = users({
    users: 12,
    seed: 6,
    units: SAME_WORDING(0),
    callsADay: (random) => spreadRate(random, 10),
    sitting: 5,
    pause: 6,
    awake: 10,
  });
  const jobs = [
    ...pool({ accounts: 40, callsADay: 26, dispatch: 'round robin', seed: 7, units: SAME_WORDING }),
    ...bystanders,
  ];
  const clusters = clustersOf(jobs);
  assert.ok(clusters.size >= 36);
  assert.deepEqual(
    [...clusters.keys()].filter((id) => id.startsWith('user')),
    [],
  );
});

test('bystanders as even as a pool that happens to do their work, too, are no part of a queue', () => {
  const others = names('bystander', 8);
  const random = seededRandom(31);
  const popular = (id: string, at: number): Job => ({
    id,
    at,
    units: ['popular', '0apopular'],
    filling: random.below(2 ** 32),
  });
  const even = (ids: readonly string[]): Job[] =>
    ids.flatMap((id) => poisson(random, START, START + 3 * DAY, 8).map((at) => popular(id, at)));
  const inOneSitting = names('visitor', 20).flatMap((id) => {
    const from = START + random.next() * 2 * DAY;
    return Array.from({ length: 6 }, (_, i) => popular(id, from + i * 6 * MINUTE));
  });
  const lately = names('newcomer', 25).map((id) => popular(id, START + 3 * DAY - (1 + random.next() * 8) * HOUR));
  const jobs = [
    ...pool({ accounts: 100, callsADay: 26, dispatch: 'random', seed: 30, units: SAME_WORDING }),
    ...even([...names('pool', 100).slice(0, 40), ...others]),
    ...inOneSitting,
    ...lately,
  ];
  const clusters = clustersOf(jobs);
  assert.ok(clusters.size >= 90, `${clusters.size} of 100`);
  assert.deepEqual(
    others.filter((id) => clusters.has(id)),
    [],
  );
});

test('an account that takes a suspended one’s place belongs to the pool within a day', () => {
  const jobs = pool({ accounts: 30, callsADay: 26, dispatch: 'random', seed: 8, days: 4, units: SAME_WORDING }).map(
    (job) => (job.id === 'pool007' && job.at > START + 2 * DAY ? { ...job, id: 'replacement' } : job),
  );
  assert.ok(clustersOf(jobs, 4).has('replacement'));
});

test('a queue that is no longer worked off holds nobody', () => {
  const jobs = pool({ accounts: 30, callsADay: 26, dispatch: 'random', seed: 9, units: SAME_WORDING });
  assert.equal(clustersOf(jobs, 12).size, 0);
});

test('accounts of one declared organization that work off a queue are not linked, nor is an outsider linked to them', () => {
  const jobs = pool({ accounts: 30, callsADay: 26, dispatch: 'random', seed: 10, units: SAME_WORDING });
  const accounts = strangers(names('pool', 30)).map((input, i) =>
    'change' in input && input.change.account !== null && i > 0
      ? { change: { ...input.change, account: { ...input.change.account, organization_id: 'org-1' } } }
      : input,
  );
  assert.deepEqual([...run([...accounts, ...jobs.map(reported)]).clusters()], []);
});

test('a queue larger than the sample that gives it away is found whole', () => {
  const settings = { ...DEFAULT_LINK_SETTINGS, work: { ...DEFAULT_LINK_SETTINGS.work, mostAccounts: 20 } };
  const links = createLinks(createTrackedTables(), settings);
  const jobs = pool({ accounts: 60, callsADay: 30, dispatch: 'random', seed: 11, templates: 1, units: SAME_WORDING });
  links.feed([...strangers(names('pool', 60)), ...jobs.map(reported)]);
  links.watermark(START + DAY);
  assert.ok(links.clusters().size > 0 && links.clusters().size < 40, `${links.clusters().size} of 60`);
  links.watermark(START + 3 * DAY);
  assert.ok(links.clusters().size >= 54, `${links.clusters().size} of 60`);
});

test('a cluster held by a queue names it, and says of how many accounts, in its evidence', () => {
  const links = run(
    [
      ...strangers(names('pool', 30)),
      ...pool({ accounts: 30, callsADay: 26, dispatch: 'random', seed: 12, units: SAME_WORDING }).map(reported),
    ],
    2,
  );
  const [evidence] = links.latest('pool003')?.evidence ?? [];
  assert.equal(evidence?.kind, 'work_queue');
  assert.equal(evidence?.attribute, 'templa…');
  assert.ok((evidence?.accounts ?? 0) >= 27);
});

test('the record of work stays within its bounds, and what finds no room is counted', () => {
  const settings = { ...DEFAULT_LINK_SETTINGS, work: { ...DEFAULT_LINK_SETTINGS.work, mostUnits: 5, mostCalls: 4 } };
  const links = createLinks(createTrackedTables(), settings);
  links.feed(
    pool({ accounts: 40, callsADay: 40, dispatch: 'random', seed: 13, templates: 20, units: SAME_WORDING }).map(
      reported,
    ),
  );
  links.watermark(START + 2 * DAY);
  assert.equal(links.tables.table('work_units').size, 5);
  for (const [, bins] of links.tables.table<number[]>('work_calls').entries()) assert.ok(bins.length <= 4);
  assert.ok((links.counts.get('refused.work_unit') ?? 0) > 0);
  links.watermark(START + 9 * DAY);
  assert.deepEqual([links.tables.table('work_units').size, links.tables.table('work_calls').size], [0, 0]);
});

const POPULAR = ['scaffold', '0aa', '5bb'];
const INNOCENT: readonly { who: string; jobs: () => Job[] }[] = [
  ...[12, 40, 200].map((count) => ({
    who: `${count} users of an agent framework, each with sittings and fillings of his own`,
    jobs: () =>
      users({
        users: count,
        seed: count,
        units: POPULAR,
        callsADay: (random) => spreadRate(random, 15),
        sitting: 5,
        pause: 4,
        awake: 14,
      }),
  })),
  {
    who: '60 users of one application who all use up the same daily quota in hours of their own',
    jobs: () => users({ users: 60, seed: 20, units: POPULAR, callsADay: () => 20, sitting: 4, pause: 10, awake: 10 }),
  },
  {
    who: '60 users with the same quota and slow calls, never two within five minutes',
    jobs: () => users({ users: 60, seed: 21, units: POPULAR, callsADay: () => 20, sitting: 5, pause: 14, awake: 10 }),
  },
  {
    who: '40 mailbox robots of unrelated people, awake at all hours, as busy as their mailboxes',
    jobs: () =>
      users({
        users: 40,
        seed: 22,
        units: POPULAR,
        callsADay: (random) => spreadRate(random, 20),
        sitting: 1,
        pause: 0,
        awake: 24,
      }),
  },
  {
    who: '50 agents that wake up every half hour or a little later, with a filling of their own',
    jobs: () => clocks(50, 33, 1.5),
  },
  { who: '50 jobs on a timetable', jobs: () => clocks(50, 60, 0) },
  {
    who: '30 monitors that send one and the same prompt at random all day long',
    jobs: () =>
      users({
        users: 30,
        seed: 23,
        units: POPULAR,
        callsADay: () => 30,
        sitting: 1,
        pause: 0,
        awake: 24,
        fillings: () => 7,
      }),
  },
  {
    who: '15 teams that run one benchmark through in a night',
    jobs: () =>
      names('team', 15).flatMap((id, team) => {
        const random = seededRandom(team + 30);
        return Array.from({ length: 300 }, (_, question) => ({
          id,
          at: START + DAY + random.below(6 * HOUR),
          units: POPULAR,
          filling: question,
        }));
      }),
  },
  {
    who: '40 employees of a company that has not declared itself, in office hours, with one template',
    jobs: () =>
      names('desk', 40).flatMap((id, desk) => {
        const random = seededRandom(desk + 60);
        return Array.from({ length: 60 }, (_, call) => ({
          id,
          at: START + (call % 3) * DAY + 8 * HOUR + random.below(9 * HOUR),
          units: POPULAR,
          filling: random.below(2 ** 32),
        }));
      }),
  },
];

/** Intervals in minutes that each begin somewhere, with some minutes of drift. */
function clocks(count: number, every: number, drift: number): Job[] {
  return names('clock', count).flatMap((id, i) => {
    const random = seededRandom(i + 90);
    const jobs: Job[] = [];
    for (let at = START + random.below(every) * MINUTE; at < START + 3 * DAY; ) {
      jobs.push({ id, at: Math.round(at), units: POPULAR, filling: random.below(2 ** 32) });
      at += (every + drift * (random.next() - 0.5)) * MINUTE;
    }
    return jobs;
  });
}

for (const { who, jobs } of INNOCENT) {
  test(`${who}: linked with nobody`, () => {
    const all = jobs();
    assert.ok(all.length > 500, 'enough calls to judge');
    assert.deepEqual([...clustersOf(all)], []);
  });
}

test('an account of a queue is linked with a few of the others, and all but those stay one cluster when those stop whom everybody is linked with', () => {
  const settings = { ...DEFAULT_LINK_SETTINGS, compared: 4 };
  const links = createLinks(createTrackedTables(), settings);
  const ids = names('pool', 60);
  const jobs = pool({ accounts: 60, callsADay: 26, dispatch: 'random', seed: 15, days: 9, units: SAME_WORDING });
  const stopAt = START + 3 * DAY;
  const linksOf = (id: string): number => links.tables.packed('links', LINK_ROWS).get(id)?.size ?? 0;
  const byLinks = () => [...ids].sort((a, b) => linksOf(b) - linksOf(a));
  links.feed([...strangers(ids), ...jobs.filter(({ at }) => at < stopAt).map(reported)]);
  links.watermark(stopAt);
  const [cluster] = new Set(links.clusters().values());
  const stopped = new Set(byLinks().slice(0, 4));
  assert.ok(linksOf([...stopped][0] ?? '') > 30, 'nobody is linked with most of the others');
  assert.ok(linksOf(byLinks()[30] ?? '') <= 8, 'half of the accounts are linked with more than a few');
  links.feed(jobs.filter(({ id, at }) => at >= stopAt && !stopped.has(id)).map(reported));
  links.watermark(START + 9 * DAY);
  const left = links.clusters();
  assert.ok(left.size >= 50 && left.size <= 56, `${left.size} of 56`);
  assert.deepEqual([...new Set(left.values())], [cluster]);
});
