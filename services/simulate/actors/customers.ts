import { drawCountry, mintAccount } from '../identity.ts';
import { accessEndpointV4 } from '../network.ts';
import type { Random } from '../random.ts';
import { memberCalls } from '../traffic.ts';
import type { Actor, World } from '../world.ts';
import { askedJob } from './asked.ts';
import { drawCallsPerDay, drawCategory, ordinaryMember, RATES, type RateSpec, truthRow } from './ordinary.ts';

/** Unrelated ordinary customers. */
export interface CustomersSpec {
  type: 'customers';
  name: string;
  accounts: number;
  rates: RateSpec;
  /** Share of customers that reach the API through a carrier's or landlord's shared address, some forty to an address. */
  natShare: number;
  meanAgeDays: number;
  /** Share of customers whose application asks for what looks like training data, with good reason. */
  askedShare: number;
}

export const CUSTOMERS: CustomersSpec = {
  type: 'customers',
  name: 'customers',
  accounts: 1_200,
  rates: RATES,
  natShare: 0.05,
  meanAgeDays: 240,
  askedShare: 0,
};

export function buildCustomers(spec: CustomersSpec, world: World, random: Random): Actor {
  const actor: Actor = { accounts: [], truth: [], streams: [] };
  const shared = random.fork('shared addresses');
  const addresses = Array.from({ length: Math.max(1, Math.round((spec.accounts * spec.natShare) / 40)) }, () =>
    accessEndpointV4(shared, 'US'),
  );
  for (let i = 0; i < spec.accounts; i += 1) {
    const own = random.fork(i);
    const country = drawCountry(own);
    const callsPerDay = drawCallsPerDay(own, spec.rates);
    const plan =
      callsPerDay > 300
        ? own.pick(['team', 'enterprise', 'pay_as_you_go'] as const)
        : own.pick(['free', 'pay_as_you_go', 'pay_as_you_go', 'team'] as const);
    const account = mintAccount(own, {
      plan,
      country: country.code,
      before: world.start,
      meanAgeDays: spec.meanAgeDays,
    });
    const behindNat = own.chance(spec.natShare);
    const asked = own.fork('asked');
    const asks = asked.chance(spec.askedShare);
    const member = ordinaryMember(world, own, {
      account,
      country,
      category: drawCategory(own),
      callsPerDay,
      ...(behindNat ? { endpoints: [own.pick(addresses)] } : {}),
      ...(asks ? { work: [askedJob(world, asked).work] } : {}),
    });
    actor.accounts.push(account);
    actor.truth.push(truthRow(account, `customer-${account.account_id.slice(5, 13)}`, 'benign', spec.name));
    actor.streams.push(memberCalls(member, world, own.fork('calls')));
  }
  return actor;
}
