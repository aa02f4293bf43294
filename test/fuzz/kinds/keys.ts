import { type Draw, type Kind, oneOf, randomBytes } from '../mutant.ts';

type Key = (draw: Draw) => Buffer | null;

/** Without a key an account's calls are anywhere. */
const NO_KEYS: Readonly<Record<string, Key>> = { 'null key': () => null, 'empty key': () => Buffer.alloc(0) };
/** Any other may follow the account in a way of its own. */
const OTHER_KEYS: Readonly<Record<string, Key>> = {
  'key that is no text': ({ random }) => randomBytes(random, 1 + random.below(300)),
  'key of somebody else': () => Buffer.from('acct_of_somebody_else'),
};

export function keyKinds(): Kind[] {
  const kind = (name: string, fate: Kind['fate'], weight: number, make: Kind['make']): Kind => ({
    name,
    fate,
    weight,
    topic: 'calls',
    make,
  });
  const withCall = (fate: Kind['fate'], keys: Readonly<Record<string, Key>>): Kind[] =>
    Object.entries(keys).map(([name, key]) =>
      kind(name, fate, 10, (draw) => ({ key: key(draw), value: draw.encodeCall(draw.call()) })),
    );
  const withRubbish = Object.entries({ ...NO_KEYS, ...OTHER_KEYS }).map(([name, key]) =>
    kind(`${name}, and not Avro`, 'dead', 5, (draw) => ({ key: key(draw), value: Buffer.from('not Avro') })),
  );
  return [...withCall('dead', NO_KEYS), ...withCall('alive', OTHER_KEYS), ...withRubbish];
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
