import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AsnResponse } from 'maxmind';
import { createNetworkResolver } from '../../services/calls/network.ts';

const AMAZON = 16_509;
const resolve = createNetworkResolver(null);

/** Stands in for an opened file: what is tested is who is asked, with which text, and when. */
function database(entries: Readonly<Record<string, number>>): {
  asked: string[];
  get(address: string): AsnResponse | null;
} {
  const asked: string[] = [];
  return {
    asked,
    get(address) {
      asked.push(address);
      const asn = entries[address];
      return asn === undefined ? null : { autonomous_system_number: asn, autonomous_system_organization: 'test' };
    },
  };
}

const CASES: readonly [address: string | null, kind: string, network: string | null][] = [
  ['192.0.2.77', 'v4', '192.0.2.0/24'],
  ['255.255.255.255', 'v4', '255.255.255.0/24'],
  ['::ffff:192.0.2.77', 'v4', '192.0.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', 'v6', '2001:db8:1::/48'],
  ['2001:DB8:1::1', 'v6', '2001:db8:1::/48'],
  ['fe80::1%eth0', 'v6', 'fe80::/48'],
  ['::1', 'v6', '::/48'],
  ['h:0011aabb', 'hashed', null],
  [null, 'absent', null],
  ['', 'absent', null],
  ['1', 'invalid', null],
  ['0x7f.1', 'invalid', null],
  ['010.0.0.1', 'invalid', null],
  ['192.0.2.256', 'invalid', null],
  ['192.0.2.7:443', 'invalid', null],
  ['[2001:db8::1]', 'invalid', null],
  ['not an address', 'invalid', null],
  [`2001:db8::1%${'z'.repeat(100)}`, 'invalid', null],
];

for (const [address, kind, network] of CASES) {
  test(`${JSON.stringify(address)} is ${kind} in ${network}`, () => {
    assert.deepEqual(resolve(address, null), { network, asn: null, hosting: false, kind });
  });
}

test("the gateway's ASN goes before the database, which is not asked", () => {
  const file = database({ '192.0.2.7': 1 });
  assert.equal(createNetworkResolver(file)('192.0.2.7', AMAZON).asn, AMAZON);
  assert.deepEqual(file.asked, []);
});

test('the database is asked for an address in its plain form', () => {
  const file = database({ '192.0.2.7': AMAZON });
  assert.deepEqual(createNetworkResolver(file)('::ffff:192.0.2.7', null), {
    network: '192.0.2.0/24',
    asn: AMAZON,
    hosting: true,
    kind: 'v4',
  });
  assert.deepEqual(file.asked, ['192.0.2.7']);
});

test('an ASN is kept with a hashed, an absent and an unreadable address', () => {
  for (const address of ['h:00', null, '?'])
    assert.deepEqual([resolve(address, AMAZON).asn, resolve(address, AMAZON).hosting], [AMAZON, true]);
});

test('the same address with another ASN is another answer', () => {
  assert.equal(resolve('192.0.2.9', AMAZON).hosting, true);
  assert.equal(resolve('192.0.2.9', 64_500).hosting, false);
  assert.equal(resolve('192.0.2.9', null).asn, null);
});

test("the operator's hosting ASNs replace the built-in ones", () => {
  assert.equal(createNetworkResolver(null, new Set([64_500]))('192.0.2.7', 64_500).hosting, true);
});

test('every IPv4 address lies in its /24 and every IPv6 address shares its /48 with its neighbours', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) =>
      assert.equal(resolve(address, null).network, `${address.split('.').slice(0, 3).join('.')}.0/24`),
    ),
  );
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
  fc.assert(
    fc.property(
      fc.tuple(group, group, group),
      fc.array(group, { minLength: 5, maxLength: 5 }),
      fc.array(group, { minLength: 5, maxLength: 5 }),
      (prefix, one, other) => {
        fc.pre(prefix.some((part) => part !== '0'));
        assert.equal(
          resolve([...prefix, ...one].join(':'), null).network,
          resolve([...prefix, ...other].join(':'), null).network,
        );
      },
    ),
  );
});

test('any text has an answer', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 100 }), (text) =>
      assert.match(resolve(text, null).kind, /^(v4|v6|hashed|absent|invalid)$/),
    ),
  );
});
