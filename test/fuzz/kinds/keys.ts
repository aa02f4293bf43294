import { type Draw, type Kind, oneOf, randomBytes } from '../mutant.ts';

/** Kafka's own key, which says only which partition a call is on. */
const KEYS: Readonly<Record<string, (draw: Draw) => Buffer | null>> = {
  'null key': () => null,
  'empty key': () => Buffer.alloc(0),
  'key that is no text': ({ random }) => randomBytes(random, 1 + random.below(300)),
  'key of somebody else': () => Buffer.from('acct_of_somebody_else'),
};

export function keyKinds(): Kind[] {
  return Object.entries(KEYS).flatMap(([name, key]): Kind[] => [
    {
      name,
      fate: 'alive',
      weight: 10,
      topic: 'calls',
      make: (draw) => ({ key: key(draw), value: draw.encodeCall(draw.call()) }),
    },
    {
      name: `${name}, and not Avro`,
      fate: 'dead',
      weight: 5,
      topic: 'calls',
      make: (draw) => ({ key: key(draw), value: Buffer.from('not Avro') }),
    },
  ]);
}

export function goodKinds(): Kind[] {
  return [
    {
      name: 'good',
      fate: 'alive',
      weight: 300,
      topic: 'calls',
      make: (draw) => ({ value: draw.encodeCall(draw.call()) }),
    },
    {
      name: 'sent again',
      fate: 'alive',
      weight: 40,
      topic: 'calls',
      make: ({ random, earlier }) => ({ value: oneOf(random, earlier) }),
    },
  ];
}
