import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weigh } from '../../services/links/evidence.ts';
import { lockstepOf, readLockstep } from '../../services/links/lockstep.ts';
import { maskAttribute } from '../../services/links/masking.ts';
import { attributeWeight, batchWeight, rarity } from '../../services/links/rarity.ts';
import { DEFAULT_LINK_SETTINGS } from '../../services/links/settings.ts';
import type { LinkKind } from '../../services/records/link-observation.ts';

const KINDS: readonly LinkKind[] = [
  'egress_ip',
  'egress_network',
  'client',
  'system_prompt',
  'tools',
  'sampling',
  'template',
  'lockstep',
  'payment_bin',
];

test('where, what and when together link nobody, at any strength short of round the clock', () => {
  const attributes = KINDS.map((kind) => ({
    kind,
    value: 'x',
    weight: kind === 'payment_bin' ? attributeWeight(kind, 2, DEFAULT_LINK_SETTINGS) : 1,
  }));
  assert.equal(weigh({ attributes, inPlace: false, roundTheClock: false }, false, DEFAULT_LINK_SETTINGS).linked, false);
  assert.equal(weigh({ attributes, inPlace: false, roundTheClock: true }, false, DEFAULT_LINK_SETTINGS).linked, true);
});

test('a batch and a rare client link two accounts, but not two of one place', () => {
  const attributes = [
    { kind: 'signup_batch' as const, value: 'x', weight: 0.5 },
    { kind: 'egress_ip' as const, value: 'x', weight: 0.5 },
  ];
  assert.equal(weigh({ attributes, inPlace: false, roundTheClock: false }, false, DEFAULT_LINK_SETTINGS).linked, true);
  assert.equal(weigh({ attributes, inPlace: true, roundTheClock: false }, false, DEFAULT_LINK_SETTINGS).linked, false);
});

test('an existing link holds a little below the threshold at which it would be made', () => {
  const attributes = [
    { kind: 'signup_batch' as const, value: 'x', weight: 0.3 },
    { kind: 'client' as const, value: 'x', weight: 0.2 },
  ];
  assert.equal(weigh({ attributes, inPlace: false, roundTheClock: false }, false, DEFAULT_LINK_SETTINGS).linked, false);
  assert.equal(weigh({ attributes, inPlace: false, roundTheClock: false }, true, DEFAULT_LINK_SETTINGS).linked, true);
});

test('rarity falls with the logarithm of the degree and is nothing beyond the cap', () => {
  assert.equal(rarity(2), 1);
  assert.ok(rarity(10) > rarity(100) && rarity(100) > 0.4);
  assert.equal(attributeWeight('client', 1, DEFAULT_LINK_SETTINGS), 0);
  assert.equal(attributeWeight('client', 151, DEFAULT_LINK_SETTINGS), 0);
});

test('a batch is what chance does not explain', () => {
  assert.equal(batchWeight(2, 0, DEFAULT_LINK_SETTINGS), 0);
  assert.ok(batchWeight(3, 0.005, DEFAULT_LINK_SETTINGS) > 0.45);
  assert.equal(batchWeight(3, 0.1, DEFAULT_LINK_SETTINGS), 0);
  assert.equal(batchWeight(30, 20, DEFAULT_LINK_SETTINGS), 0);
  assert.ok(batchWeight(60, 20, DEFAULT_LINK_SETTINGS) > 0.3);
});

const bins = (...of: number[]): ReadonlyMap<string, number[]> => new Map([['t', of]]);

test('two accounts first seen together do not seem in step for it', () => {
  // Both busy in every other bin of one afternoon: as many shared as chance gives in that afternoon, far more than it gives in two days.
  const mine = Array.from({ length: 24 }, (_, i) => 1_000 + 2 * i);
  const theirs = Array.from({ length: 24 }, (_, i) => 1_000 + 2 * i + (i % 2));
  assert.equal(lockstepOf(bins(...mine), bins(...theirs), ['t'], DEFAULT_LINK_SETTINGS.lockstep), null);
});

test('in step by a timetable is not in step round the clock', () => {
  const hourly = Array.from({ length: 48 }, (_, hour) => hour * 12);
  const irregular = Array.from({ length: 48 }, (_, hour) => hour * 12 + ((hour * 7) % 12));
  assert.equal(
    lockstepOf(bins(...hourly), bins(...hourly), ['t'], DEFAULT_LINK_SETTINGS.lockstep)?.roundTheClock,
    false,
  );
  assert.equal(
    lockstepOf(bins(...irregular), bins(...irregular), ['t'], DEFAULT_LINK_SETTINGS.lockstep)?.roundTheClock,
    true,
  );
});

test('a lockstep value that is not of its form is nobody’s', () => {
  assert.deepEqual(readLockstep('5920000:abc:d'), { bin: 5_920_000, template: 'abc:d' });
  for (const value of ['', 'abc', ':abc', 'x:abc', '1.5:abc']) assert.equal(readLockstep(value), null);
});

test('no secret is shown whole', () => {
  assert.equal(maskAttribute('payment_fingerprint', 'pay_0123456789'), 'pay_01…');
  assert.equal(maskAttribute('signup_device', 'short'), '…');
  assert.equal(maskAttribute('egress_ip', '198.51.100.7'), '198.51.x.x');
  assert.equal(maskAttribute('egress_ip', '2001:db8:1234:5678::1'), '2001:d…');
});
