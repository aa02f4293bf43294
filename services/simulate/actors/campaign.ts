import type { Account } from '../../records/account.ts';
import { DAY_MS } from '../arrivals.ts';
import { type Client, drawClient, tlsFingerprint } from '../clients.ts';
import { exponential } from '../distributions.ts';
import { type Country, drawCountry, mintAccount } from '../identity.ts';
import { accessEndpoint } from '../network.ts';
import type { Random } from '../random.ts';
import type { Actor, World } from '../world.ts';
import type { CampaignSpec } from './campaign-spec.ts';
import { DISPATCH } from './dispatch.ts';
import { harvestQueue } from './harvest.ts';
import { egressAndClients, type LeakageSpec, leakIdentifiers } from './leakage.ts';
import { truthRow } from './ordinary.ts';
import { type PoolSlot, poolCalls } from './pool.ts';

const RELAY_CLIENT: Client = {
  user_agent: 'claude-cli/1.0.57 (external, cli)',
  tls_fingerprint: tlsFingerprint('relay go-utls 1.6'),
};

export const LEAKAGE: LeakageSpec = {
  payment: { share: 0.4, group: 8 },
  signupDevice: { share: 0.3, group: 6 },
  signupNetwork: { share: 0.4, group: 10 },
  signupBatch: { share: 0.7, group: 15 },
  signupBatchMinutes: 25,
  egress: { share: 0.5, pool: 6 },
  client: { share: 0.8, unified: RELAY_CLIENT },
};

export const CAMPAIGN: CampaignSpec = {
  type: 'campaign',
  name: 'campaign',
  accounts: 60,
  pool: {
    callsPerAccountPerDay: 40,
    queueCv: 1,
    hourProfile: 'flat',
    utcOffset: 8,
    weekendFactor: 1,
    bursts: null,
    rampDays: 0,
    dispatch: DISPATCH,
    failureShare: 0.02,
  },
  mix: { chain_of_thought: 0.5, rubric_grading: 0.2, instruction_generation: 0.15, agentic_coding: 0.15 },
  templatesPerKind: 1,
  paraphrases: 1,
  chineseShare: 0.2,
  otherLanguageShare: 0,
  samplesPerPrompt: 1,
  camouflageShare: 0.1,
  leakage: LEAKAGE,
  bansPerAccountPerDay: 0.02,
  replacements: 'stock',
  replacementMinutes: 45,
  pivotShare: 0.5,
  accessRoutes: 0,
};

interface Tenure {
  from: number;
  until: number;
}

/** When each place changes hands: suspensions as a Poisson process, a pause, the next account. */
function drawTenures(spec: CampaignSpec, world: World, random: Random): Tenure[] {
  const tenures: Tenure[] = [];
  let from = world.start;
  while (from < world.end) {
    const life =
      spec.bansPerAccountPerDay > 0
        ? exponential(random, DAY_MS / spec.bansPerAccountPerDay)
        : Number.POSITIVE_INFINITY;
    const until = from + Math.ceil(life);
    tenures.push({ from, until: until < world.end ? until : Number.POSITIVE_INFINITY });
    from = until + Math.ceil(exponential(random, spec.replacementMinutes * 60_000));
  }
  return tenures;
}

/** A few minutes before its first use, but not before the traffic begins. */
function signUpBefore(account: Account, firstUse: number, start: number): void {
  const age = 120_000 + (firstUse % 1_500_000);
  account.created_at = Math.max(start, firstUse - age);
  account.updated_at = account.created_at;
}

/** Accounts of the stock in the order of their first use, and the suspended versions of those that are banned. */
export function buildCampaign(spec: CampaignSpec, world: World, random: Random): Actor {
  const tenures = Array.from({ length: spec.accounts }, (_, slot) =>
    drawTenures(spec, world, random.fork(`tenures ${slot}`)),
  );
  const count = tenures.reduce((sum, list) => sum + list.length, 0);
  const countries: Country[] = [];
  const accounts: Account[] = Array.from({ length: count }, (_, index) => {
    const own = random.fork(`account ${index}`);
    const country = drawCountry(own);
    countries.push(country);
    const account = mintAccount(own, {
      plan: own.pick(['pay_as_you_go', 'pay_as_you_go', 'pay_as_you_go', 'team']),
      country: country.code,
      before: world.start,
      meanAgeDays: 25,
    });
    if (spec.accessRoutes > 0 && own.chance(0.7))
      account.reseller_id = `reseller_${random.fork(`route ${own.int(spec.accessRoutes)}`).hex(8)}`;
    return account;
  });
  leakIdentifiers(accounts, spec.leakage, random.fork('leakage'));
  const origins = egressAndClients(spec.leakage, count, random.fork('origins'), (own, index) => ({
    endpoints: [accessEndpoint(own, countries[index]?.code ?? 'US')],
    client: drawClient(own, [
      ['python', 0.6],
      ['backend', 0.2],
      ['javascript', 0.2],
    ]),
  }));

  const versions: Account[] = [];
  let index = 0;
  const slots = tenures.map(
    (list): PoolSlot => ({
      tenures: list.map((tenure) => {
        const account = accounts[index];
        const origin = origins[index];
        if (account === undefined || origin === undefined)
          throw new RangeError('campaign: fewer accounts than tenures');
        index += 1;
        if (spec.replacements === 'fresh' && tenure.from > world.start) signUpBefore(account, tenure.from, world.start);
        versions.push(account);
        if (tenure.until < world.end) versions.push({ ...account, status: 'suspended', updated_at: tenure.until });
        const apiKeyId = `key_${random.fork(`key ${index}`).hex(12)}`;
        return { account: { accountId: account.account_id, apiKeyId, ...origin }, ...tenure };
      }),
    }),
  );
  const actorName = `${spec.name}-${random.fork('name').hex(6)}`;
  return {
    accounts: versions,
    truth: accounts.map((account) => truthRow(account, actorName, 'campaign', spec.name)),
    streams: [
      poolCalls(slots, spec.pool, harvestQueue(spec, world, random.fork('queue')), world, random.fork('calls')),
    ],
  };
}
