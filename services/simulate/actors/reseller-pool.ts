import type { Account } from '../../records/account.ts';
import { tlsFingerprint } from '../clients.ts';
import { drawCountry, mintAccount } from '../identity.ts';
import { accessEndpoint } from '../network.ts';
import type { Random } from '../random.ts';
import type { Category, Work } from '../work.ts';
import type { Actor, World } from '../world.ts';
import { askedJob } from './asked.ts';
import { LEAKAGE } from './campaign.ts';
import type { CampaignSpec } from './campaign-spec.ts';
import { DISPATCH } from './dispatch.ts';
import { harvestQueue, resoldWork } from './harvest.ts';
import { egressAndClients, type LeakageSpec, leakIdentifiers } from './leakage.ts';
import { truthRow } from './ordinary.ts';
import { type PoolSlot, type PoolSpec, poolCalls } from './pool.ts';

/** A hydra in everything but the traffic: many accounts, one relay, round-robin, and only ordinary people's requests. */
export interface ResellerPoolSpec {
  type: 'reseller_pool';
  accounts: number;
  /** People who buy from it. */
  people: number;
  /** All that it sells; null: whatever people ask for. */
  category: Category | null;
  /** Share of prompts that markers mark with good reason: essays to be scored, sums to be explained step by step, exercises to be made up. */
  askedShare: number;
  pool: PoolSpec;
  leakage: LeakageSpec;
  /** A buyer who has accounts of the pool to himself and harvests through them; null: it only resells. */
  harvest: { share: number; campaign: CampaignSpec } | null;
}

export const RESELLER_POOL: ResellerPoolSpec = {
  type: 'reseller_pool',
  accounts: 40,
  people: 300,
  category: null,
  askedShare: 0,
  pool: {
    callsPerAccountPerDay: 45,
    queueCv: 1.3,
    hourProfile: 'day',
    utcOffset: 8,
    weekendFactor: 0.9,
    bursts: null,
    rampDays: 0,
    dispatch: DISPATCH,
    failureShare: 0.03,
  },
  leakage: {
    ...LEAKAGE,
    egress: { share: 1, pool: 4 },
    client: {
      share: 1,
      unified: { user_agent: 'Go-http-client/2.0', tls_fingerprint: tlsFingerprint('relay go-1.23') },
    },
  },
  harvest: null,
};

/** Teachers and pupils among the people. */
function askedWork(world: World, random: Random, people: number): { work: Work; model: string }[] {
  return Array.from({ length: Math.ceil(people / 5) }, (_, index) => askedJob(world, random.fork(index)));
}

export function buildResellerPool(spec: ResellerPoolSpec, world: World, random: Random): Actor {
  const resellerId = `reseller_${random.fork('id').hex(8)}`;
  const accounts: Account[] = Array.from({ length: spec.accounts }, (_, index) => {
    const own = random.fork(`account ${index}`);
    const account = mintAccount(own, {
      plan: 'reseller',
      country: drawCountry(own).code,
      before: world.start,
      meanAgeDays: 90,
    });
    account.reseller_id = resellerId;
    return account;
  });
  leakIdentifiers(accounts, spec.leakage, random.fork('leakage'));
  const origins = egressAndClients(spec.leakage, accounts.length, random.fork('origins'), (own) => ({
    endpoints: [accessEndpoint(own, 'US')],
    client: spec.leakage.client.unified,
  }));
  const slots = accounts.flatMap((account, index): PoolSlot[] => {
    const origin = origins[index];
    if (origin === undefined) return [];
    const apiKeyId = `key_${random.fork(`key ${index}`).hex(12)}`;
    return [
      {
        tenures: [
          {
            account: { accountId: account.account_id, apiKeyId, ...origin },
            from: world.start,
            until: Number.POSITIVE_INFINITY,
          },
        ],
      },
    ];
  });
  const sold = resoldWork(world, random.fork('resold'), spec.people, spec.category);
  const asked = spec.askedShare > 0 ? askedWork(world, random.fork('asked'), spec.people) : [];
  // People differ: a few buyers make most of the calls.
  const next = (_time: number, draw: Random) => {
    const from = asked.length > 0 && draw.chance(spec.askedShare) ? asked : sold;
    return from[Math.floor(from.length * draw.next() ** 2)] ?? draw.pick(from);
  };
  const actorName = `${spec.type}-${random.fork('name').hex(6)}`;
  // Every 1/share-th account, so that the harvesters are spread over the pool's cards, devices and addresses.
  const share = spec.harvest?.share ?? 0;
  const harvests = (index: number): boolean => Math.floor((index + 1) * share) > Math.floor(index * share);
  const streams = [
    poolCalls(
      slots.filter((_, index) => !harvests(index)),
      spec.pool,
      next,
      world,
      random.fork('calls'),
    ),
  ];
  if (spec.harvest !== null) {
    const queue = harvestQueue(spec.harvest.campaign, world, random.fork('queue'));
    const slotsOfHarvest = slots.filter((_, index) => harvests(index));
    streams.push(poolCalls(slotsOfHarvest, spec.pool, queue, world, random.fork('harvest calls')));
  }
  return {
    accounts,
    truth: accounts.map((account, index) =>
      harvests(index)
        ? truthRow(account, actorName, 'campaign', 'resold_harvest')
        : truthRow(account, actorName, 'hard_negative', spec.type),
    ),
    streams,
  };
}
