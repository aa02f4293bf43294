import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkAttribute } from '../../services/records/link-observation.ts';
import { DAY, HOUR, MINUTE } from '../../services/records/window.ts';
import { seededRandom } from '../support/random.ts';
import { account, callsOn, type Input, names, registered, run, START, seen } from './world.ts';

const IP: LinkAttribute = { kind: 'egress_ip', value: '198.51.100.7' };
const NETWORK: LinkAttribute = { kind: 'egress_network', value: '198.51.100.0/24' };
const CLIENT: LinkAttribute = { kind: 'client', value: 'client-of-all' };
const PROMPT: LinkAttribute = { kind: 'system_prompt', value: 'prompt-of-all' };
const TOOLS: LinkAttribute = { kind: 'tools', value: 'tools-of-all' };
const SAMPLING: LinkAttribute = { kind: 'sampling', value: 't0 m1024' };

function assertNobodyLinked(inputs: readonly Input[], days = 3): void {
  const clusters = run(inputs, days).clusters();
  assert.deepEqual([...clusters], []);
}

/** Everybody once an hour of a working day, with these attributes. */
function working(ids: readonly string[], attributes: LinkAttribute[]): Input[] {
  return ids.flatMap((id) => [9, 12, 15].map((hour) => seen(id, START + hour * HOUR, attributes)));
}

for (const seats of [5, 20, 400]) {
  test(`${seats} seats behind a corporate NAT, onboarded together from it and paid with one card, are a declared organization`, () => {
    const ids = names('seat', seats);
    const company = {
      organization_id: 'org-1',
      payment_fingerprint: 'company-card',
      email_domain: 'company.example',
      signup_ip: IP.value,
    };
    const accounts = ids.map((id, i) =>
      registered(account(id, { ...company, created_at: START - 60 * DAY + i * MINUTE })),
    );
    assertNobodyLinked([...accounts, ...working(ids, [IP, NETWORK, CLIENT])]);
  });

  test(`${seats} employees who signed up for themselves behind one NAT are not linked`, () => {
    const ids = names('staff', seats);
    const accounts = ids.map((id) => registered(account(id, { email_domain: 'company.example', signup_ip: IP.value })));
    assertNobodyLinked([...accounts, ...working(ids, [IP, NETWORK, CLIENT])]);
  });
}

for (const students of [8, 25, 60]) {
  test(`a class of ${students}: signed up in the first lesson from one address, same exercises in the same five minutes`, () => {
    const ids = names('student', students);
    const accounts = ids.map((id, i) =>
      registered(
        account(id, {
          plan: 'free',
          payment_fingerprint: null,
          signup_ip: IP.value,
          created_at: START - 20 * DAY + (i % 40) * MINUTE,
        }),
      ),
    );
    const random = seededRandom(students);
    const lessons = [0, 1, 2].flatMap((day) =>
      names('exercise', 6).map((exercise, i) => ({ exercise, at: START + day * DAY + 14 * HOUR + i * 20 * MINUTE })),
    );
    const calls = ids.flatMap((id) =>
      lessons.flatMap(({ exercise, at }) => callsOn(id, exercise, [at + random.below(8) * MINUTE])),
    );
    assertNobodyLinked([...accounts, ...working(ids, [IP, NETWORK]), ...calls], 4);
  });
}

test('a campus with several addresses, where people sign up at one and call from another, links nobody', () => {
  const random = seededRandom(7);
  const campus = ['203.0.113.1', '203.0.113.2', '203.0.113.3'];
  const ids = names('campus', 90);
  const accounts = ids.map((id) =>
    registered(
      account(id, {
        plan: 'free',
        payment_fingerprint: null,
        email_domain: 'uni.example',
        signup_ip: campus[random.below(3)] ?? null,
      }),
    ),
  );
  const calls = ids.flatMap((id) =>
    working(
      [id],
      [
        { kind: 'egress_ip', value: campus[random.below(3)] ?? '' },
        { kind: 'egress_network', value: '203.0.113.0/24' },
        CLIENT,
      ],
    ),
  );
  assertNobodyLinked([...accounts, ...calls]);
});

for (const users of [12, 250]) {
  test(`${users} users of an editor whose vendor relays them: one address, client, system prompt and tools`, () => {
    const ids = names('editor', users);
    assertNobodyLinked([
      ...ids.map((id) => registered(account(id))),
      ...working(ids, [IP, NETWORK, CLIENT, PROMPT, TOOLS, SAMPLING]),
    ]);
  });

  test(`${users} users of one agent framework on unrelated networks: one client, prompt, tools, sampling and templates`, () => {
    const ids = names('agent', users);
    const calls = ids.flatMap((id, i) => [
      ...working([id], [{ kind: 'egress_ip', value: `192.0.2.${i}` }, CLIENT, PROMPT, TOOLS, SAMPLING]),
      ...callsOn(
        id,
        'scaffold',
        [9, 10, 11, 13, 16].map((hour) => START + hour * HOUR + i * MINUTE),
      ),
    ]);
    assertNobodyLinked([...ids.map((id) => registered(account(id))), ...calls]);
  });
}

test('one workflow template that unrelated people run every hour on the hour is a timetable, not lockstep', () => {
  const ids = names('workflow', 30);
  const hours = Array.from({ length: 72 }, (_, hour) => START + hour * HOUR + MINUTE);
  assertNobodyLinked(
    [...ids.map((id) => registered(account(id))), ...ids.flatMap((id) => callsOn(id, 'workflow', hours))],
    4,
  );
});

test('unrelated busy users of one template who call all day long share many bins by chance', () => {
  const random = seededRandom(11);
  const ids = names('busy', 25);
  const calls = ids.flatMap((id) =>
    callsOn(
      id,
      'popular',
      Array.from({ length: 3 * 150 }, (_, i) => START + (i * DAY) / 150 + random.below(9) * MINUTE),
    ),
  );
  assertNobodyLinked([...ids.map((id) => registered(account(id))), ...calls], 4);
});

test('teams that run one benchmark in the hours after a launch are not linked', () => {
  const random = seededRandom(3);
  const ids = names('team', 8);
  const calls = ids.flatMap((id) =>
    callsOn(
      id,
      'benchmark',
      Array.from({ length: 200 }, () => START + 10 * HOUR + random.below(180) * MINUTE).sort((a, b) => a - b),
    ),
  );
  assertNobodyLinked([...ids.map((id) => registered(account(id))), ...working(ids, [SAMPLING]), ...calls]);
});

test('a declared fleet of build machines with one card, client, prompt and changing addresses is not linked', () => {
  const ids = names('runner', 10);
  const fleet = {
    organization_id: 'org-2',
    payment_fingerprint: 'fleet-card',
    plan: 'enterprise',
    email_domain: 'fleet.example',
    created_at: START - 90 * DAY,
  };
  assertNobodyLinked([
    ...ids.map((id) => registered(account(id, fleet))),
    ...working(ids, [IP, CLIENT, PROMPT, SAMPLING]),
  ]);
});

test('a prepaid issuer shared by unrelated people links nobody, whatever else is popular among them', () => {
  const ids = names('prepaid', 40);
  assertNobodyLinked([
    ...ids.map((id) => registered(account(id, { payment_bin: '530001' }))),
    ...working(ids, [CLIENT, SAMPLING]),
  ]);
});

test('sign-ups of a busy hour are no batch, though they use one popular client', () => {
  const random = seededRandom(5);
  const everybody = names('signup', 3_000).map((id) =>
    account(id, { created_at: START - 60 * DAY + random.below(60 * 24 * 60) * MINUTE }),
  );
  // A launch: thirty times the usual number for two hours, in all countries alike.
  const launch = names('launch', 125).map((id, i) =>
    account(id, {
      country: ['US', 'DE', 'JP', 'BR', 'IN'][i % 5] ?? 'US',
      created_at: START - DAY + random.below(120) * MINUTE,
    }),
  );
  const others = names('abroad', 1_200).map((id, i) =>
    account(id, {
      country: ['DE', 'JP', 'BR', 'IN'][i % 4] ?? 'DE',
      created_at: START - 60 * DAY + random.below(60 * 24 * 60) * MINUTE,
    }),
  );
  const inputs = [...everybody, ...others, ...launch].map(registered);
  assertNobodyLinked([
    ...inputs,
    ...working(
      launch.map(({ account_id }) => account_id),
      [CLIENT, PROMPT],
    ),
  ]);
});

test('a household that signs up and calls from one line with one client is not linked', () => {
  const ids = names('home', 4);
  assertNobodyLinked([
    ...ids.map((id) => registered(account(id, { signup_ip: IP.value, created_at: START - 5 * DAY }))),
    ...working(ids, [IP, NETWORK, CLIENT]),
  ]);
});
