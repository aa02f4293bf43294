import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import { createLinksStep, type LinksInputs, type LinksOutputs } from '../../services/links/step.ts';
import type { AccountChange } from '../../services/records/account.ts';
import type { LinkAttribute, LinkObservation } from '../../services/records/link-observation.ts';
import { DAY, HOUR, MINUTE } from '../../services/records/window.ts';
import { account, T } from '../support/records.ts';
import { createHarness, sorted } from '../support/step-harness.ts';

const hasher = await createHasher('a key for tests');
const harness = () => createHarness<LinksInputs, LinksOutputs>(createLinksStep({ hasher }));

function seen(accountId: string, attributes: LinkAttribute[], at = T + MINUTE): LinkObservation {
  return { account_id: accountId, observed_at: at, partition: 0, attributes };
}
function signup(accountId: string, over: Parameters<typeof account>[0]): AccountChange {
  const made = account({ account_id: accountId, ...over });
  return { account_id: accountId, account: made, at: made.updated_at };
}
const names = (count: number, prefix = 'acct'): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}_${String(i).padStart(4, '0')}`);

/** The cluster of each account after the last decision. */
function clusters(step: ReturnType<typeof harness>): Map<string, string | null> {
  return new Map(step.of('assignments').map(({ account_id, cluster_id }) => [account_id, cluster_id]));
}
function linkedTogether(step: ReturnType<typeof harness>): number {
  return [...clusters(step).values()].filter((cluster) => cluster !== null).length;
}

/** Accounts that each show the same attributes, all in the same minute. */
function crowd(count: number, attributes: (index: number) => LinkAttribute[], prefix = 'acct'): LinkObservation[] {
  return names(count, prefix).map((name, i) => seen(name, attributes(i)));
}

function decide(observations: readonly LinkObservation[], changes: readonly AccountChange[] = []) {
  const step = harness();
  for (const change of changes) step.record('accounts', change);
  for (const observation of observations) step.record('link_observations', observation);
  step.watermark(T + HOUR);
  return step;
}

test('accounts that share a rare payment fingerprint are one cluster, and the evidence says so without the value', () => {
  const ring = names(8);
  const step = decide(
    ring.map((name) => seen(name, [{ kind: 'egress_ip', value: `203.0.113.${name.length}` }])),
    ring.map((name) => signup(name, { payment_fingerprint: 'pay_secret_4711' })),
  );
  assert.equal(new Set(clusters(step).values()).size, 1);
  const [assignment] = step.of('assignments');
  assert.equal(assignment?.evidence[0]?.kind, 'payment_fingerprint');
  assert.ok(!JSON.stringify(step.of('assignments')).includes('secret_4711'));
});

test('two weak kinds that are independent link: a few accounts signed up together behind one proxy', () => {
  const ring = names(6);
  const step = decide(
    ring.map((name) => seen(name, [{ kind: 'egress_ip', value: '203.0.113.7' }])),
    ring.map((name, i) =>
      signup(name, {
        created_at: T - 5 * DAY + i * MINUTE,
        updated_at: T - 5 * DAY + i * MINUTE,
        country: 'US',
        email_domain: 'mail.example',
        signup_ip: '198.51.100.9',
      }),
    ),
  );
  assert.equal(linkedTogether(step), 6);
});

const hardNegatives: [string, () => ReturnType<typeof harness>][] = [
  [
    'hundreds behind one corporate address with one company client',
    () =>
      decide(
        crowd(300, () => [
          { kind: 'egress_ip', value: '203.0.113.7' },
          { kind: 'egress_network', value: '203.0.113.0/24' },
          { kind: 'client', value: 'company-tool' },
        ]),
      ),
  ],
  [
    'a popular agent framework: same client, system prompt, tools, sampling and templates over unrelated networks',
    () =>
      decide(
        crowd(100, (i) => [
          { kind: 'client', value: 'framework' },
          { kind: 'system_prompt', value: 'shared' },
          { kind: 'tools', value: 'shared' },
          { kind: 'sampling', value: 't0.7' },
          { kind: 'template', value: 'aaaa' },
          { kind: 'egress_ip', value: `10.0.${i}.1` },
        ]),
      ),
  ],
  [
    'a classroom: one address, one exercise template, the same five minutes',
    () =>
      decide(
        crowd(120, () => [
          { kind: 'egress_ip', value: '203.0.113.7' },
          { kind: 'template', value: 'exercise' },
          { kind: 'lockstep', value: '5920:exercise' },
        ]),
      ),
  ],
  [
    'an IDE vendor: few egress addresses, one client, thousands of programmers',
    () =>
      decide(
        crowd(400, (i) => [
          { kind: 'egress_ip', value: `203.0.113.${i % 4}` },
          { kind: 'client', value: 'ide' },
          { kind: 'system_prompt', value: 'ide' },
        ]),
      ),
  ],
  [
    'prepaid cards of one issuer',
    () =>
      decide(
        crowd(150, (i) => [{ kind: 'egress_ip', value: `10.1.${i}.1` }]),
        names(150).map((name) => signup(name, { payment_bin: '412345' })),
      ),
  ],
  [
    'two accounts that meet in one five-minute bin',
    () =>
      decide(
        crowd(2, () => [
          { kind: 'lockstep', value: '5920:aaaa' },
          { kind: 'template', value: 'aaaa' },
        ]),
      ),
  ],
];
for (const [name, run] of hardNegatives) {
  test(`links nobody: ${name}`, () => {
    assert.equal(linkedTogether(run()), 0);
  });
}

test('an attribute that becomes too common takes back the links that it made', () => {
  const ring = names(5, 'early');
  const signups = ring.map((name) => signup(name, { signup_ip: '198.51.100.9' }));
  const step = harness();
  for (const change of signups) step.record('accounts', change);
  for (const name of ring) step.record('link_observations', seen(name, [{ kind: 'egress_ip', value: '203.0.113.7' }]));
  step.watermark(T + HOUR);
  assert.equal(linkedTogether(step), 5);
  for (const name of names(60, 'late'))
    step.record('link_observations', seen(name, [{ kind: 'egress_ip', value: '203.0.113.7' }], T + HOUR + MINUTE));
  step.watermark(T + 2 * HOUR);
  assert.equal(linkedTogether(step), 0);
  assert.deepEqual(
    new Set(
      step
        .of('assignments')
        .slice(-5)
        .map(({ reason }) => reason),
    ),
    new Set(['left']),
  );
});

test('one account that shares with two groups does not make them one', () => {
  const left = names(10, 'left').map((name) => signup(name, { payment_fingerprint: 'pay_left' }));
  const right = names(10, 'right').map((name) => signup(name, { payment_fingerprint: 'pay_right' }));
  const bridge = signup('bridge', { payment_fingerprint: 'pay_left', signup_device: 'dev_right' });
  const oneOfRight = signup('right_0000', { payment_fingerprint: 'pay_right', signup_device: 'dev_right' });
  const everybody = [...names(10, 'left'), ...names(10, 'right'), 'bridge'];
  const step = decide(
    everybody.map((name, i) => seen(name, [{ kind: 'egress_ip', value: `10.2.${i}.1` }])),
    [...left, ...right, oneOfRight, bridge],
  );
  const found = clusters(step);
  assert.notEqual(found.get('left_0001'), found.get('right_0001'));
  assert.ok(found.get('left_0001') && found.get('right_0001'));
});

test('a cluster keeps its id while it grows', () => {
  const step = harness();
  for (const name of names(5)) {
    step.record('accounts', signup(name, { payment_fingerprint: 'pay_1' }));
    step.record('link_observations', seen(name, []));
  }
  step.watermark(T + HOUR);
  const before = new Set(clusters(step).values());
  for (const name of names(4, 'more')) {
    step.record('accounts', signup(name, { payment_fingerprint: 'pay_1', updated_at: T + HOUR }));
    step.record('link_observations', seen(name, [], T + HOUR + MINUTE));
  }
  step.watermark(T + 3 * HOUR);
  assert.equal(linkedTogether(step), 9);
  assert.deepEqual(new Set(clusters(step).values()), before);
});

test('evidence that is not renewed expires', () => {
  const step = harness();
  for (const name of names(5)) {
    step.record('accounts', signup(name, { signup_ip: '198.51.100.9' }));
    step.record('link_observations', seen(name, [{ kind: 'egress_ip', value: '203.0.113.7' }]));
  }
  step.watermark(T + HOUR);
  assert.equal(linkedTogether(step), 5);
  step.watermark(T + 6 * DAY);
  assert.equal(linkedTogether(step), 0);
});

const attribute = fc.constantFrom<LinkAttribute>(
  { kind: 'egress_ip', value: '1' },
  { kind: 'egress_ip', value: '2' },
  { kind: 'client', value: 'a' },
  { kind: 'template', value: 't' },
  { kind: 'lockstep', value: '1:t' },
);
const observation = fc.record({
  account: fc.integer({ min: 0, max: 9 }),
  minute: fc.integer({ min: 1, max: 90 }),
  attributes: fc.array(attribute, { minLength: 1, maxLength: 4 }),
});
const change = fc.record({
  account: fc.integer({ min: 0, max: 9 }),
  payment: fc.constantFrom('p1', 'p2', null),
  device: fc.constantFrom('d1', null),
  minute: fc.integer({ min: -100, max: 60 }),
});

test('what is decided does not depend on the order of arrival, on how far the watermark jumps, or on a restart', () => {
  fc.assert(
    fc.property(
      fc.array(observation, { minLength: 1, maxLength: 30 }),
      fc.array(change, { maxLength: 12 }),
      fc.integer(),
      (observed, changed, seed) => {
        const observations = observed.map(({ account: id, minute, attributes }) =>
          seen(`acct_${id}`, attributes, T + minute * MINUTE),
        );
        const changes = changed.map(({ account: id, payment, device, minute }) =>
          signup(`acct_${id}`, {
            payment_fingerprint: payment,
            signup_device: device,
            updated_at: T + minute * MINUTE,
          }),
        );
        const jumped = harness();
        for (const one of changes) jumped.record('accounts', one);
        for (const one of observations) jumped.record('link_observations', one);
        jumped.watermark(T + 2 * HOUR);
        const stepped = harness();
        for (const one of [...observations].reverse()) stepped.record('link_observations', one);
        for (const one of [...changes].reverse()) stepped.record('accounts', one);
        for (let minute = 1; minute <= 120; minute++) {
          if (minute === Math.abs(seed) % 120) stepped.restart();
          stepped.watermark(T + minute * MINUTE);
        }
        assert.deepEqual(sorted(stepped.of('assignments')), sorted(jumped.of('assignments')));
      },
    ),
    { numRuns: 60 },
  );
});
