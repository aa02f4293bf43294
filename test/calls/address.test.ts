import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAddresses } from '../../services/calls/address.ts';
import { createHashes } from '../../services/calls/hashes.ts';
import { createNetworkResolver } from '../../services/calls/network.ts';
import { hasher } from './runner.ts';

function addresses() {
  const asked: (string | null)[] = [];
  const resolve = createNetworkResolver(null);
  const addressOf = createAddresses(createHashes(hasher), (sourceIp, sourceAsn) => {
    asked.push(sourceIp);
    return resolve(sourceIp, sourceAsn);
  });
  return { asked, addressOf };
}

test('an address is resolved once, and again with another ASN', () => {
  const { asked, addressOf } = addresses();
  const first = addressOf('192.0.2.7', null);
  assert.equal(addressOf('192.0.2.7', null), first);
  assert.equal(addressOf('192.0.2.7', 16_509).network.hosting, true);
  assert.deepEqual(asked, ['192.0.2.7', '192.0.2.7']);
});

test('an address is told with its network, one that cannot be read not at all', () => {
  const { addressOf } = addresses();
  const told = (sourceIp: string | null) =>
    addressOf(sourceIp, null).attributes.map(({ kind, value }) => [kind, value]);
  assert.deepEqual(told('192.0.2.7'), [
    ['egress_ip', '192.0.2.7'],
    ['egress_network', '192.0.2.0/24'],
  ]);
  assert.deepEqual(told('?'), []);
  assert.deepEqual(told(null), []);
});

test('texts too long for an address are not remembered', () => {
  const { asked, addressOf } = addresses();
  const long = `h:${'0'.repeat(200)}`;
  assert.deepEqual(addressOf(long, null), addressOf(long, null));
  assert.equal(asked.length, 2);
});
