import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mayReach } from '../../services/notify/address-guard.ts';

const NEVER = [
  ...['169.254.169.254', '169.254.0.1', 'fe80::1', 'febf::1', 'fd00:ec2::254', 'fd20:ce::254', '100.100.100.200'],
  ...['168.63.129.16', '0.0.0.0', '::', '224.0.0.1', 'ff02::1', '255.255.255.255', '240.0.0.1', '192.0.0.192'],
  ...['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1', '::169.254.169.254'],
];
const WHEN_ALLOWED = [
  '127.0.0.1',
  '127.255.0.1',
  '::1',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  'fd12::1',
  '::ffff:10.0.0.1',
  '64:ff9b::a00:1',
];
const ALWAYS = ['8.8.8.8', '1.1.1.1', '2606:4700::1111', '64:ff9b::808:808'];

for (const address of NEVER)
  test(`${address} is never reached`, () =>
    assert.deepEqual([mayReach(address, false), mayReach(address, true)], [false, false]));
for (const address of WHEN_ALLOWED)
  test(`${address} is reached when private addresses are allowed`, () =>
    assert.deepEqual([mayReach(address, false), mayReach(address, true)], [false, true]));
for (const address of ALWAYS)
  test(`${address} is reached`, () =>
    assert.deepEqual([mayReach(address, false), mayReach(address, true)], [true, true]));

test('no link-local address is reached, in whatever clothes', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, (a, b) => {
      const hex = ((a << 8) | b).toString(16);
      for (const address of [
        `169.254.${a}.${b}`,
        `::ffff:169.254.${a}.${b}`,
        `64:ff9b::a9fe:${hex}`,
        `2002:a9fe:${hex}::`,
      ])
        assert.equal(mayReach(address, true), false, address);
    }),
  );
});
