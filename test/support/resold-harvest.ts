import type { Account } from '../../services/records/account.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import { CAMPAIGN } from '../../services/simulate/actors/campaign.ts';
import { CUSTOMERS } from '../../services/simulate/actors/customers.ts';
import { RESELLER_POOL } from '../../services/simulate/actors/reseller-pool.ts';
import { SIMULATION_START } from '../../services/simulate/scenarios.ts';
import { simulate } from '../../services/simulate/simulate.ts';

export interface ResoldHarvest {
  accounts: Account[];
  calls: ApiCall[];
  pool: Set<string>;
  harvesters: Set<string>;
}

export interface ResoldHarvestOptions {
  seed: number;
  days: number;
  accounts: number;
  harvesters: number;
  customers: number;
  /** What the harvest asks for; the campaign's usual mix when left out. */
  mix?: typeof CAMPAIGN.mix;
  text?: 'full' | 'none';
}

/**
 * A reseller's pool, some accounts of which are also used to harvest: a campaign of as many accounts is simulated beside the pool, and each of its calls is
 * carried by an account of the pool instead, from that account's address and client. What these accounts resell goes on as camouflage.
 */
export function resoldHarvest({
  seed,
  days,
  accounts,
  harvesters,
  customers,
  mix = CAMPAIGN.mix,
  text = 'full',
}: ResoldHarvestOptions): ResoldHarvest {
  const simulation = simulate(
    {
      name: 'resold-harvest',
      description: '',
      start: SIMULATION_START,
      days,
      text,
      launch: null,
      actors: [
        { ...CUSTOMERS, accounts: customers, rates: { ...CUSTOMERS.rates, cap: 200 } },
        { ...RESELLER_POOL, accounts },
        {
          ...CAMPAIGN,
          mix,
          accounts: harvesters,
          bansPerAccountPerDay: 0,
          camouflageShare: 0,
          pool: { ...CAMPAIGN.pool, callsPerAccountPerDay: 80 },
        },
      ],
    },
    seed,
  );
  const named = (name: string): string[] =>
    simulation.truth.filter((row) => row.name === name).map(({ account_id }) => account_id);
  const pool = named('reseller_pool');
  const campaign = new Set(named('campaign'));
  const carrier = new Map([...campaign].map((id, i) => [id, pool[i] ?? id]));
  const calls = [...simulation.calls];
  const origin = new Map(calls.map((call) => [call.account_id, call]));
  return {
    accounts: simulation.accounts.filter(({ account_id }) => !campaign.has(account_id)),
    calls: calls.map((call) => {
      const by = carrier.get(call.account_id);
      const usual = by === undefined ? undefined : origin.get(by);
      if (by === undefined || usual === undefined) return call;
      const { api_key_id, source_ip, source_asn, user_agent, tls_fingerprint } = usual;
      return { ...call, account_id: by, api_key_id, source_ip, source_asn, user_agent, tls_fingerprint };
    }),
    pool: new Set(pool),
    harvesters: new Set(carrier.values()),
  };
}
