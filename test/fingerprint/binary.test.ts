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

test('a fingerprint is 56 bytes, also as a view into a larger buffer', () => {
  const print = fingerprint('Name three rivers.');
  const bytes = encodeFingerprint(print);
  assert.equal(bytes.length, 56);
  const carrier = new Uint8Array(100);
  carrier.set(bytes, 13);
  assert.deepEqual(decodeFingerprint(carrier.subarray(13, 69)), print);
});

test('version 1 is still read: the same without a category', () => {
  const print = fingerprint('Translate the letter into French.');
  assert.equal(print.category, 'translation');
  const old = Uint8Array.from(encodeFingerprint(print).subarray(0, 55));
  old[0] = 1;
  assert.deepEqual(decodeFingerprint(old), { ...print, version: 1, category: 'other' });
});

test('another version, length, script or category is no fingerprint', () => {
  const good = encodeFingerprint(fingerprint('Name three rivers.'));
  const changed = (at: number, to: number): Uint8Array => Uint8Array.from(good, (byte, i) => (i === at ? to : byte));
  assert.equal(decodeFingerprint(changed(0, 3)), null);
  assert.equal(decodeFingerprint(changed(0, 1)), null);
  assert.equal(decodeFingerprint(changed(55, 200)), null);
  assert.equal(decodeFingerprint(changed(18, 200)), null);
  assert.equal(decodeFingerprint(good.subarray(0, 55)), null);
  assert.equal(decodeFingerprint(new Uint8Array(0)), null);
  assert.notEqual(decodeFingerprint(good), null);
});

test('any bytes are decoded or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const print = decodeFingerprint(bytes);
      if (print?.version === 2) assert.deepEqual(new Uint8Array(encodeFingerprint(print)), bytes);
    }),
  );
});
