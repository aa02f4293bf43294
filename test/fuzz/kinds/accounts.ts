import type { Account } from '../../../services/records/account.ts';
import { type Draw, type Kind, oneOf, randomBytes } from '../mutant.ts';
import { createWriter, WRITERS } from '../writers.ts';

export function accountKinds(): Kind[] {
  const kind = (name: string, fate: Kind['fate'], weight: number, make: Kind['make']): Kind => ({
    name: `account: ${name}`,
    fate,
    weight,
    topic: 'accounts',
    make,
  });
  const changed = (draw: Draw, over: Partial<Account>) => ({
    value: draw.encodeAccount({ ...draw.account(), ...over }),
  });
  const call = createWriter(WRITERS.first);
  return [
    kind('good', 'alive', 30, (draw) => changed(draw, {})),
    kind('removed', 'alive', 5, () => ({ value: null })),
    // A compacted topic takes no message without any key: the broker itself refuses it.
    kind('removed, with an empty key', 'dead', 5, () => ({ key: Buffer.alloc(0), value: null })),
    kind('bits flipped', 'any', 15, (draw) => {
      const bytes = draw.encodeAccount(draw.account());
      for (let flips = 1 + draw.random.below(6); flips > 0; flips--) {
        const at = draw.random.below(bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << draw.random.below(8));
      }
      return { value: bytes };
    }),
    kind('cut off', 'dead', 5, (draw) => {
      const bytes = draw.encodeAccount(draw.account());
      return { value: bytes.subarray(0, draw.random.below(bytes.length)) };
    }),
    kind('rubbish', 'dead', 5, ({ random }) => ({ value: randomBytes(random, 1 + random.below(200)).fill(9, 0, 1) })),
    kind('a call in its place', 'dead', 5, (draw) => ({ value: call(draw.call()) })),
    kind('strange texts', 'alive', 15, (draw) =>
      changed(draw, {
        [oneOf(draw.random, [
          'account_id',
          'plan',
          'country',
          'email_domain',
          'organization_id',
          'signup_ip',
        ] as const)]: oneOf(draw.random, ['__proto__', 'constructor', '\u202e', 'fe80::1%eth0', '\ufdfa', 'toString']),
      }),
    ),
    kind('impossible times', 'dead', 10, (draw) =>
      changed(draw, {
        [oneOf(draw.random, ['created_at', 'updated_at'] as const)]: oneOf(draw.random, [
          -1,
          Date.UTC(2099, 0, 1),
          Number.MAX_SAFE_INTEGER - 1,
        ]),
      }),
    ),
  ];
}
