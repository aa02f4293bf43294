import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LINK_SETTINGS } from '../../services/links/settings.ts';
import type { LinkAttribute } from '../../services/records/link-observation.ts';
import { DAY, HOUR, MINUTE } from '../../services/records/window.ts';
import { createTrackedTables } from '../../services/stream/tracked-tables.ts';
import { seededRandom } from '../support/random.ts';
import { account, callsOn, createLinks, type Input, names, registered, run, START, seen } from './world.ts';

const client = (value: string): LinkAttribute => ({ kind: 'client', value });
const egress = (value: string): LinkAttribute => ({ kind: 'egress_ip', value });

function ring(ids: readonly string[], own: Parameters<typeof account>[1]): Input[] {
  return ids.map((id) => registered(account(id, own)));
}

function call(ids: readonly string[], at: number, attributes: LinkAttribute[]): Input[] {
  return ids.map((id) => seen(id, at, attributes));
}

test('accounts that share a rare card are one cluster, told with masked evidence to the partition of their windows', () => {
  const ids = names('ring', 8);
  const links = createLinks();
  links.feed([
    ...ring(ids, { payment_fingerprint: 'pay_0123456789' }),
    ...ids.map((id, i) => seen(id, START + MINUTE, [client(`own-${i}`)], i % 4)),
  ]);
  links.watermark(START + MINUTE);
  assert.equal(new Set(links.clusters().values()).size, 1);
  assert.equal(links.clusters().size, 8);
  const first = links.emitted.find(({ assignment }) => assignment.account_id === 'ring002');
  assert.equal(first?.partition, 2);
  assert.deepEqual(
    {
      ...first?.assignment,
      cluster_id: '',
      evidence: first?.assignment.evidence.map(({ kind, attribute, accounts }) => ({ kind, attribute, accounts })),
    },
    {
      account_id: 'ring002',
      cluster_id: '',
      version: 1,
      effective_at: START + MINUTE,
      reason: 'joined',
      previous_cluster_id: null,
      cluster_size: 8,
      evidence: [{ kind: 'payment_fingerprint', attribute: 'pay_01…', accounts: 8 }],
    },
  );
});

test('an account that has not called yet is told its cluster when it does', () => {
  const ids = names('ring', 6);
  const links = createLinks();
  links.feed([...ring(ids, { payment_fingerprint: 'card' }), ...call(ids.slice(1), START + MINUTE, [client('a')])]);
  links.watermark(START + MINUTE);
  assert.equal(links.latest('ring000'), undefined);
  links.feed([seen('ring000', START + HOUR, [client('b')], 3)]);
  links.watermark(START + HOUR);
  assert.equal(links.latest('ring000')?.cluster_id, links.latest('ring001')?.cluster_id);
  assert.equal(links.emitted.at(-1)?.partition, 3);
});

test('two accounts on one card are a pair, not a cluster', () => {
  const links = run([
    ...ring(names('pair', 2), { payment_fingerprint: 'card' }),
    ...call(names('pair', 2), START + MINUTE, [client('a')]),
  ]);
  assert.equal(links.clusters().size, 0);
});

test('a card on more accounts than any actor has links nobody, and takes back what it linked when it had fewer', () => {
  const settings = {
    ...DEFAULT_LINK_SETTINGS,
    kinds: {
      ...DEFAULT_LINK_SETTINGS.kinds,
      payment_fingerprint: { ...DEFAULT_LINK_SETTINGS.kinds.payment_fingerprint, cap: 15 },
    },
  };
  const links = createLinks(createTrackedTables(), settings);
  const ids = names('m', 16);
  links.feed([...ring(ids.slice(0, 15), { payment_fingerprint: 'card' }), ...call(ids, START + MINUTE, [client('a')])]);
  links.watermark(START + HOUR);
  assert.equal(links.clusters().size, 15);
  links.feed(ring(ids.slice(15), { payment_fingerprint: 'card', updated_at: START + 2 * HOUR }));
  links.watermark(START + 3 * HOUR);
  assert.equal(links.clusters().size, 0);
  assert.equal(links.latest('m003')?.reason, 'left');
  assert.equal(links.latest('m003')?.version, 2);
  assert.equal(links.counts.get('inert.payment_fingerprint'), 1);
});

test('a ring that signed up together and is in step is found without any shared card', () => {
  const random = seededRandom(1);
  const ids = names('batch', 12);
  const accounts = ids.map((id, i) =>
    registered(account(id, { country: 'SG', email_domain: 'proton.me', created_at: START - 3 * DAY + i * MINUTE })),
  );
  const bursts = Array.from({ length: 40 }, () => START + random.below(12 * 60) * MINUTE).sort((a, b) => a - b);
  const links = run([...accounts, ...ids.flatMap((id) => callsOn(id, 'harvest', bursts))]);
  assert.equal(links.clusters().size, 12);
  const kinds = links.latest('batch005')?.evidence.map(({ kind }) => kind);
  assert.ok(
    kinds?.includes('signup_batch') && (kinds.includes('lockstep') || kinds.includes('template')),
    String(kinds),
  );
});

test('a ring that shares nothing but templates and its bursts is found once it has been in step around the clock', () => {
  const random = seededRandom(2);
  const ids = names('burst', 10);
  // Twenty minutes on, at no fixed time, every two hours or so: what a queue that is filled in batches looks like.
  const bursts = Array.from({ length: 24 }, (_, i) => START + i * 2 * HOUR + random.below(100) * MINUTE);
  const calls = ids.flatMap((id) =>
    callsOn(
      id,
      'harvest',
      bursts.flatMap((start) => [start + random.below(10) * MINUTE, start + (10 + random.below(10)) * MINUTE]),
    ),
  );
  const links = run([...ids.map((id) => registered(account(id))), ...calls], 2);
  assert.ok(links.clusters().size >= 9, `${links.clusters().size} of 10`);
  const first = Math.min(...links.assignments.map(({ effective_at }) => effective_at));
  assert.ok(first >= START + 18 * HOUR, 'a quarter of the day is no proof');
});

test('an account that shares only address and client with a ring joins it when hardly anybody else uses them, and holds nobody in it', () => {
  const ids = names('ring', 10);
  const shared = [egress('203.0.113.9'), client('relay')];
  const links = createLinks();
  links.feed([
    ...ring(ids, { payment_fingerprint: 'card' }),
    registered(account('straggler')),
    ...call([...ids, 'straggler'], START + MINUTE, shared),
  ]);
  links.watermark(START + 2 * HOUR);
  assert.equal(links.clusters().get('straggler'), links.clusters().get('ring000'));
  assert.deepEqual(
    links
      .latest('straggler')
      ?.evidence.map(({ kind }) => kind)
      .sort(),
    ['client', 'egress_ip'],
  );
});

test('bystanders whose address and client a ring copies are not pulled in', () => {
  const ids = names('ring', 10);
  const victims = names('victim', 20);
  const shared = [egress('203.0.113.9'), client('popular')];
  const links = run([
    ...ring(ids, { payment_fingerprint: 'card' }),
    ...victims.map((id) => registered(account(id))),
    ...call([...victims, ...ids], START + MINUTE, shared),
  ]);
  assert.deepEqual([...links.clusters().keys()].sort(), ids);
});

test('behaviour that is not seen any more stops to count: the ring that it held falls apart', () => {
  const ids = names('net', 8);
  const accounts = ids.map((id, i) =>
    registered(account(id, { signup_ip: `192.0.2.${i}`, created_at: START - DAY + i * MINUTE * 31 })),
  );
  const links = createLinks();
  links.feed([...accounts, ...call(ids, START + HOUR, [egress('203.0.113.9')])]);
  links.watermark(START + 2 * HOUR);
  assert.equal(links.clusters().size, 8);
  links.watermark(START + 3 * DAY);
  assert.equal(links.clusters().size, 8, 'three days count in full');
  links.watermark(START + 5 * DAY);
  assert.equal(links.clusters().size, 0);
  assert.equal(links.latest('net003')?.effective_at, START + 4 * DAY);
});

test('an account removed by a tombstone leaves its cluster', () => {
  const ids = names('ring', 5);
  const links = createLinks();
  links.feed([...ring(ids, { payment_fingerprint: 'card' }), ...call(ids, START + MINUTE, [client('a')])]);
  links.watermark(START + MINUTE);
  links.feed([{ change: { account_id: 'ring002', account: null, at: START + HOUR } }]);
  links.watermark(START + HOUR);
  assert.deepEqual([...links.clusters().keys()], ['ring000', 'ring001', 'ring003', 'ring004']);
});

test('one bad link between two rings does not make them one; a second, independent one does, and the larger keeps its name', () => {
  const large = names('large', 12);
  const small = names('small', 9);
  const links = createLinks();
  links.feed([
    ...ring(large, { payment_fingerprint: 'card-1' }),
    ...ring(small, { payment_fingerprint: 'card-2' }),
    ...call([...large, ...small], START + MINUTE, [client('x')]),
  ]);
  links.watermark(START + MINUTE);
  const names12 = new Set(links.clusters().values());
  assert.equal(names12.size, 2);
  const kept = links.clusters().get('large000');
  const gone = links.clusters().get('small000');

  const rebook = (id: string, card: string, hours: number) =>
    registered(account(id, { payment_fingerprint: card, updated_at: START + hours * HOUR }));
  links.feed([rebook('small003', 'bad-1', 1), rebook('large003', 'bad-1', 1)]);
  links.watermark(START + 2 * HOUR);
  assert.equal(new Set(links.clusters().values()).size, 2, 'a single pair of accounts joins nothing');

  links.feed([rebook('small004', 'bad-2', 3), rebook('large004', 'bad-2', 3)]);
  links.watermark(START + 4 * HOUR);
  assert.deepEqual(new Set(links.clusters().values()), new Set([kept]));
  const merged = links.latest('small007');
  assert.deepEqual(
    [merged?.reason, merged?.previous_cluster_id, merged?.cluster_size, merged?.version],
    ['merged', gone, 21, 2],
  );
  assert.equal(links.latest('large007')?.version, 1, 'growth is told to nobody who is in already');
});

test('when a link between two rings goes they split, and the larger part keeps the name', () => {
  const large = names('large', 6);
  const small = names('small', 4);
  const links = createLinks();
  links.feed([
    ...ring(large, { payment_fingerprint: 'card-1' }),
    ...ring(small, { payment_fingerprint: 'card-2' }),
    registered(account('bridge', { payment_fingerprint: 'card-1' })),
  ]);
  links.feed([registered(account('bridge', { payment_fingerprint: 'card-2', updated_at: START }))]);
  links.feed(call([...large, ...small, 'bridge'], START + MINUTE, [client('x')]));
  links.watermark(START + MINUTE);
  const [name] = new Set(links.clusters().values());
  assert.equal(new Set(links.clusters().values()).size, 1);
  links.feed([{ change: { account_id: 'bridge', account: null, at: START + HOUR } }]);
  // The bridge also made a batch of three of two sign-ups: links that stand are weighed again when the quarter of the day ends.
  links.watermark(START + 6 * HOUR);
  assert.deepEqual(new Set(large.map((id) => links.clusters().get(id))), new Set([name]));
  const split = links.latest('small000');
  assert.deepEqual([split?.reason, split?.previous_cluster_id], ['split', name]);
  assert.notEqual(split?.cluster_id, name);
});

test('accounts of different organizations that share a rare card are compared; those of one are not', () => {
  const ids = names('firm', 6);
  const links = run([
    ...ids.map((id, i) => registered(account(id, { payment_fingerprint: 'card', organization_id: `org-${i % 3}` }))),
    ...call(ids, START + MINUTE, [client('x')]),
  ]);
  assert.equal(new Set(links.clusters().values()).size, 1);
  assert.equal(links.clusters().size, 6);
  const own = run([
    ...ids.map((id) => registered(account(id, { payment_fingerprint: 'card', organization_id: 'org' }))),
    ...call(ids, START + MINUTE, [client('x')]),
  ]);
  assert.equal(own.clusters().size, 0);
});
