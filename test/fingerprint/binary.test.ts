import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeFingerprint, encodeFingerprint } from '../../services/fingerprint/index.ts';
import { fingerprint } from './support.ts';

test('what is encoded is decoded the same', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (text) => {
      const print = fingerprint(text);
      assert.deepEqual(decodeFingerprint(encodeFingerprint(print)), print);
    }),
  );
});

test('a fingerprint is 55 bytes, also as a view into a larger buffer', () => {
  const print = fingerprint('Name three rivers.');
  const bytes = encodeFingerprint(print);
  assert.equal(bytes.length, 55);
  const carrier = new Uint8Array(100);
  carrier.set(bytes, 13);
  assert.deepEqual(decodeFingerprint(carrier.subarray(13, 68)), print);
});

test('another version, length or script is no fingerprint', () => {
  const good = encodeFingerprint(fingerprint('Name three rivers.'));
  const changed = (at: number, to: number): Uint8Array => Uint8Array.from(good, (byte, i) => (i === at ? to : byte));
  assert.equal(decodeFingerprint(changed(0, 2)), null);
  assert.equal(decodeFingerprint(changed(18, 200)), null);
  assert.equal(decodeFingerprint(good.subarray(0, 54)), null);
  assert.equal(decodeFingerprint(new Uint8Array(0)), null);
  assert.notEqual(decodeFingerprint(good), null);
});

test('any bytes are decoded or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const print = decodeFingerprint(bytes);
      if (print !== null) assert.deepEqual(new Uint8Array(encodeFingerprint(print)), bytes);
    }),
  );
});
