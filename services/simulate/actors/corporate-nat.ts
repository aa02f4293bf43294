import { companyDomain, drawCountry } from '../identity.ts';
import { accessEndpointV4 } from '../network.ts';
import type { Random } from '../random.ts';
import type { Actor, World } from '../world.ts';
import { buildGroup } from './group.ts';

/**
 * Hundreds to thousands of seats of one company behind one address. `together`: paid together, onboarded on one day. `one_by_one`: employees sign up for
 * themselves, each with a card of their own, over weeks and on into the simulated time.
 */
export interface CorporateNatSpec {
  type: 'corporate_nat';
  seats: number;
  callsPerSeatPerDay: number;
  signups: 'together' | 'one_by_one';
}

export const CORPORATE_NAT: CorporateNatSpec = {
  type: 'corporate_nat',
  seats: 400,
  callsPerSeatPerDay: 14,
  signups: 'together',
};

export function buildCorporateNat(spec: CorporateNatSpec, world: World, random: Random): Actor {
  const shared = random.fork('company');
  const country = drawCountry(shared);
  const egress = accessEndpointV4(shared, country.code);
  const organization = `org_${shared.hex(12)}`;
  const payment = `pay_${shared.hex(20)}`;
  const domain = companyDomain(shared);
  const onboarding = world.start - (20 + shared.int(200)) * 86_400_000;
  const together = spec.signups === 'together';
  return buildGroup(
    {
      name: spec.type,
      members: spec.seats,
      plan: together ? 'enterprise' : 'pay_as_you_go',
      meanAgeDays: 100,
      country,
      share(account, own) {
        account.email_domain = domain;
        account.signup_ip = egress.ip;
        if (together) {
          account.organization_id = organization;
          account.payment_fingerprint = payment;
          account.verified = true;
          account.created_at = onboarding + own.int(4 * 3_600_000);
        } else account.created_at = Math.floor(onboarding + own.next() * (world.start + 2 * 86_400_000 - onboarding));
        account.updated_at = account.created_at;
      },
      member: (own) => ({
        category: own.chance(0.6) ? 'chat' : 'code',
        callsPerDay: spec.callsPerSeatPerDay * (0.2 + 1.6 * own.next()),
        endpoints: [egress],
        rhythm: { hourProfile: 'people', weekendFactor: 0.1 },
      }),
    },
    world,
    random,
  );
}
