import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ATTRIBUTE_ROWS, type Attribute } from '../../services/links/attribute.ts';
import { ACCOUNT_ROWS, type LinkedAccount } from '../../services/links/linked-account.ts';
import { DAY, MINUTE } from '../../services/records/window.ts';

const PLAIN = { noNullPrototype: true };
const AT = Date.UTC(2026, 3, 22);
const time = fc.oneof(
  fc.integer({ min: 0, max: 9_000 }).map((minutes) => AT + minutes * MINUTE),
  fc.integer({ min: -(10 ** 12), max: 4 * 10 ** 12 }),
);
const name = fc.string({ unit: 'grapheme', maxLength: 40 });
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(arbitrary);
const values = fc.array(fc.tuple(name, time), { maxLength: 8 }).map((all) => new Map(all));

const account: fc.Arbitrary<LinkedAccount> = fc.record(
  {
    number: fc.nat(2 ** 31),
    partition: maybe(fc.nat(500)),
    organization: maybe(name),
    sightings: fc
      .array(fc.tuple(fc.constantFrom('payment_bin', 'client', 'work_queue', 'template'), values))
      .map((all) => new Map(all)),
    bins: fc.array(fc.tuple(name, fc.array(fc.nat(2 ** 31)))).map((all) => new Map(all)),
    home: fc.array(name).map((all) => new Set(all)),
    version: fc.nat(),
    told: maybe(fc.constantFrom('c_1', 'c_2')),
    checkAt: maybe(fc.nat(40_000).map((day) => day * DAY)),
  },
  PLAIN,
);
const attribute: fc.Arbitrary<Attribute> = fc.record(
  {
    degree: fc.nat(),
    home: fc.nat(),
    members: fc.array(fc.nat(2 ** 31)),
    inert: fc.boolean(),
  },
  PLAIN,
);

test('an account is read back as it was written, its sightings in their order', () => {
  fc.assert(
    fc.property(account, (written) => {
      const read = ACCOUNT_ROWS.decode(Buffer.from(ACCOUNT_ROWS.encode(written)), 0);
      assert.deepEqual(read, written);
      const order = ({ sightings }: LinkedAccount) => [...sightings].map(([kind, of]) => [kind, [...of.keys()]]);
      assert.deepEqual(order(read), order(written));
    }),
  );
});

test('an attribute is read back as it was written, its members in their order', () => {
  fc.assert(
    fc.property(attribute, (written) => {
      assert.deepEqual(ATTRIBUTE_ROWS.decode(Buffer.from(ATTRIBUTE_ROWS.encode(written)), 0), written);
    }),
  );
});

test('a sighting costs little more than its value, and an attribute of one account five bytes', () => {
  const seen = (count: number): LinkedAccount => ({
    number: 900_000,
    partition: 3,
    organization: null,
    sightings: new Map([
      ['client', new Map(Array.from({ length: count }, (_, n) => [`value-${n + 10}`, AT + n * DAY]))],
    ]),
    bins: new Map(),
    home: new Set(),
    version: 0,
    told: null,
    checkAt: AT,
  });
  const bytes = (of: LinkedAccount): number => ACCOUNT_ROWS.encode(of).length;
  assert.ok((bytes(seen(48)) - bytes(seen(0))) / 48 <= 'value-10'.length + 4);
  const single = { degree: 1, home: 0, members: [900_000], inert: false };
  assert.equal(ATTRIBUTE_ROWS.encode(single).length, 5);
});
