import { drawCountry } from '../identity.ts';
import { accessEndpointV4 } from '../network.ts';
import type { Random } from '../random.ts';
import type { Actor, World } from '../world.ts';
import { buildGroup } from './group.ts';
import { drawCallsPerDay } from './ordinary.ts';

/** Students and staff with accounts of their own behind a few campus addresses; some research groups call a great deal. */
export interface UniversitySpec {
  type: 'university';
  people: number;
  addresses: number;
}

export const UNIVERSITY: UniversitySpec = { type: 'university', people: 300, addresses: 3 };

export function buildUniversity(spec: UniversitySpec, world: World, random: Random): Actor {
  const shared = random.fork('campus');
  const country = drawCountry(shared);
  const campus = Array.from({ length: spec.addresses }, () => accessEndpointV4(shared, country.code));
  const domain = `uni-${shared.hex(5)}.edu`;
  return buildGroup(
    {
      name: spec.type,
      members: spec.people,
      plan: 'free',
      meanAgeDays: 150,
      country,
      share(account, own) {
        if (own.chance(0.8)) account.email_domain = domain;
        if (own.chance(0.6)) account.signup_ip = own.pick(campus).ip;
      },
      member: (own) => ({
        category: own.pick(['chat', 'chat', 'code', 'code', 'extract', 'rag']),
        callsPerDay: drawCallsPerDay(own, { lowTailShare: 0.85, lowTail: [3, 20], median: 6, sigma: 1.6, cap: 300 }),
        endpoints: [own.pick(campus), own.pick(campus)],
        rhythm: { hourProfile: 'people' },
      }),
    },
    world,
    random,
  );
}
