import { type Draw, type Kind, type Made, oneOf, randomBytes } from '../mutant.ts';
import { framed, varint } from '../writers.ts';

const MEGABYTES_10 = 10_000_000;

const good = ({ call, encodeCall }: Draw): Buffer => encodeCall(call());

/** Nothing of it is Avro in the wire format. */
const NOT_AVRO: readonly ((draw: Draw) => Buffer)[] = [
  ({ call }) => Buffer.from(JSON.stringify(call())),
  ({ call }) => Buffer.from(JSON.stringify(call()), 'utf16le'),
  () => Buffer.alloc(0),
  () => Buffer.from('event_id,account_id\n1,2\n'),
  ({ random }) => Buffer.concat([Buffer.of(0x1f, 0x8b, 8), randomBytes(random, 60)]),
  ({ random }) => Buffer.concat([Buffer.of(1 + random.below(255)), randomBytes(random, random.below(300))]),
  (draw) => good(draw).subarray(5),
  ({ random }) => Buffer.alloc(1 + random.below(4)),
];

function flipped(draw: Draw): Buffer {
  const { random } = draw;
  const bytes = good(draw);
  for (let flips = 1 + random.below(8); flips > 0; flips--) {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  }
  return bytes;
}

function spliced(draw: Draw): Buffer {
  const { random, earlier } = draw;
  const one = good(draw);
  const other = oneOf(random, earlier);
  const cut = random.below(one.length);
  switch (random.below(5)) {
    case 0:
      return Buffer.concat([one.subarray(0, cut), other.subarray(random.below(other.length))]);
    case 1:
      return Buffer.concat([one.subarray(0, cut), randomBytes(random, 1 + random.below(40)), one.subarray(cut)]);
    case 2:
      return Buffer.concat([one.subarray(0, cut), one.subarray(Math.min(one.length, cut + 1 + random.below(20)))]);
    case 3:
      return Buffer.concat([one.subarray(0, cut), one.subarray(random.below(one.length))]);
    default:
      return Buffer.concat([one, other]);
  }
}

/** A length or a number of a record, replaced by one that no record has. The first field of a call is a text: its length comes first. */
const LENGTHS: readonly bigint[] = [-1n, -(2n ** 31n), 2n ** 31n, 2n ** 40n, 2n ** 53n, 2n ** 62n, -(2n ** 62n)];
function impossibleLength(draw: Draw): Buffer {
  const bytes = good(draw);
  const rest = draw.random.below(2) === 0 ? bytes.subarray(6) : Buffer.alloc(draw.random.below(200), 0xff);
  return framed(bytes.readUInt32BE(1), Buffer.concat([varint(oneOf(draw.random, LENGTHS)), rest]));
}

export function byteKinds(): Kind[] {
  const rubbish = Buffer.alloc(MEGABYTES_10, 7);
  const zeros = Buffer.alloc(MEGABYTES_10);
  const endless = framed(1, Buffer.alloc(MEGABYTES_10, 0xff));
  const kind = (name: string, fate: Kind['fate'], weight: number, make: (draw: Draw) => Made): Kind => ({
    name,
    fate,
    weight,
    topic: 'calls',
    make,
  });
  return [
    kind('not Avro', 'dead', 40, (draw) => ({ value: oneOf(draw.random, NOT_AVRO)(draw) })),
    kind('cut off', 'dead', 40, (draw) => {
      const bytes = good(draw);
      return { value: bytes.subarray(0, draw.random.below(bytes.length)) };
    }),
    kind('bytes behind the record', 'dead', 15, (draw) => ({
      value: Buffer.concat([good(draw), randomBytes(draw.random, 1 + draw.random.below(30))]),
    })),
    kind('unknown schema id', 'dead', 25, (draw) => {
      const bytes = good(draw);
      bytes.writeUInt32BE(1_000 + draw.random.below(2 ** 31), 1);
      return { value: bytes };
    }),
    kind('wrong magic byte', 'dead', 15, (draw) => {
      const bytes = good(draw);
      bytes[0] = 1 + draw.random.below(255);
      return { value: bytes };
    }),
    kind('bits flipped', 'any', 80, (draw) => ({ value: flipped(draw) })),
    kind('spliced', 'any', 80, (draw) => ({ value: spliced(draw) })),
    kind('impossible length', 'dead', 25, (draw) => ({ value: impossibleLength(draw) })),
    kind('tombstone', 'dead', 10, () => ({ value: null })),
    kind('10 MB of rubbish', 'dead', 0.3, ({ random }) => ({ value: oneOf(random, [rubbish, zeros, endless]) })),
  ];
}
