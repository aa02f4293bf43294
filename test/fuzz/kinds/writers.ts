import { type Draw, type Kind, type Made, oneOf } from '../mutant.ts';
import { createWriter, framed, varint, WRITERS } from '../writers.ts';

/** What newer writers say besides. */
const extras = ({ random }: Draw): object => ({
  tags: Array.from({ length: random.below(4) }, (_, i) => `tag ${i}`),
  nothings: [],
  labels: { __proto__: null, a: 1, b: null },
  trace: random.below(2) === 0 ? null : { up: { up: null } },
  tier: 'high',
  digest: Buffer.alloc(4),
});

/** Blocks of arrays and maps that are no blocks: huge, going back, of nothing. */
const BLOCKS: readonly (readonly bigint[])[] = [
  [2n ** 50n],
  [2n ** 31n],
  [-(2n ** 50n), 4n],
  [-1n, -2n],
  [-1n, -(2n ** 40n)],
  [-1n, 2n ** 60n],
  [1_000_000n, 0n],
];

export function writerKinds(): Kind[] {
  const kind = (name: string, fate: Kind['fate'], weight: number, make: (draw: Draw) => Buffer): Kind => ({
    name,
    fate,
    weight,
    topic: 'calls',
    make: (draw): Made => ({ value: make(draw) }),
  });
  const writers = {
    first: createWriter(WRITERS.first),
    older: createWriter(WRITERS.older),
    newer: createWriter(WRITERS.newer),
    narrower: createWriter(WRITERS.narrower),
    incompatible: createWriter(WRITERS.incompatible),
    lacking: createWriter(WRITERS.lacking),
    account: createWriter(WRITERS.account),
  };
  const newer = (draw: Draw): Buffer => writers.newer({ ...draw.call(), ...extras(draw) });
  return [
    kind('first writer schema', 'alive', 15, ({ call }) => writers.first(call())),
    kind('older writer schema', 'alive', 25, ({ call }) => writers.older(call())),
    kind('newer writer schema', 'alive', 25, newer),
    kind('narrower writer schema', 'alive', 15, ({ call }) => writers.narrower({ ...call(), temperature: 1 })),
    kind('incompatible writer schema', 'dead', 15, (draw) =>
      oneOf(draw.random, [
        () => writers.incompatible({ ...draw.call(), input_tokens: 'many' }),
        () => writers.lacking(draw.call()),
        () => writers.account(draw.account()),
        () => framed(WRITERS.notAvro.id, draw.encodeCall(draw.call()).subarray(5)),
      ])(),
    ),
    kind('hostile blocks of a newer writer', 'dead', 30, (draw) => {
      const blocks = Buffer.concat(oneOf(draw.random, BLOCKS).map(varint));
      const rest = draw.random.below(2) === 0 ? newer(draw).subarray(6) : Buffer.alloc(8);
      // The array of nothings comes second, behind the tags.
      const before = draw.random.below(2) === 0 ? Buffer.alloc(0) : Buffer.of(0);
      return framed(WRITERS.newer.id, Buffer.concat([before, blocks, rest]));
    }),
    kind('nested as deep as can be', 'any', 5, (draw) => {
      const head = newer(draw).subarray(0, 5);
      const labels = Buffer.of(0, 0, 0);
      return Buffer.concat([head, labels, Buffer.alloc(200_000, 2)]);
    }),
    kind('bits of a newer writer flipped', 'any', 30, (draw) => {
      const bytes = newer(draw);
      for (let flips = 1 + draw.random.below(4); flips > 0; flips--) {
        const at = 5 + draw.random.below(Math.min(40, bytes.length - 5));
        bytes[at] = (bytes[at] ?? 0) ^ (1 << draw.random.below(8));
      }
      return bytes;
    }),
  ];
}
