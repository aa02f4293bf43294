import { CAMPAIGN, LEAKAGE } from './actors/campaign.ts';
import type { CampaignSpec } from './actors/campaign-spec.ts';
import { type Client, tlsFingerprint } from './clients.ts';
import { leakageAt } from './knobs.ts';

/**
 * The publicly reported campaigns that are the project's yardstick (press reports give sizes and signals, nothing else: the rest are this simulator's choices),
 * at 1/50 of their size, or at full size where that is smaller. Half of the accounts share each identifier.
 */
export interface ReportedCampaign {
  name: string;
  description: string;
  /** Days to simulate; the campaign itself lasted longer. */
  days: number;
  /** Share of the time after which the model is launched to which the campaign turns. */
  launchAfter?: number;
  campaign: CampaignSpec;
  /** Exchanges of the whole campaign at this size: what a leak is a share of. */
  exchanges: number;
  /** Scale at which the number of accounts is the reported one. */
  fullSize: number;
}

const HALF = leakageAt(LEAKAGE, 0.5);

function through(user_agent: string, library: string): { share: number; unified: Client } {
  return { share: 0.5, unified: { user_agent, tls_fingerprint: tlsFingerprint(library) } };
}

export const reportedCampaigns: readonly ReportedCampaign[] = [
  {
    name: 'reported-alibaba',
    description: 'Slow and wide: 25.6 calls an account a day, slow ramp. Scale 50 is the reported 25,000 accounts.',
    days: 3,
    fullSize: 50,
    exchanges: 28_800_000 / 50,
    campaign: {
      ...CAMPAIGN,
      name: 'reported_alibaba',
      accounts: 500,
      pool: { ...CAMPAIGN.pool, callsPerAccountPerDay: 25.6, rampDays: 1 },
      mix: { chain_of_thought: 0.35, agentic_coding: 0.35, instruction_generation: 0.2, rubric_grading: 0.1 },
      templatesPerKind: 2,
      paraphrases: 2,
      chineseShare: 0.35,
      otherLanguageShare: 0.05,
      camouflageShare: 0.2,
      bansPerAccountPerDay: 0.01,
      replacements: 'fresh',
      leakage: HALF,
    },
  },
  {
    name: 'reported-minimax',
    description:
      'Agentic coding and tools; half the traffic moves to a new model within a day of its launch. Scale 50 is 24,000 accounts.',
    days: 3,
    launchAfter: 0.4,
    fullSize: 50,
    exchanges: 13_000_000 / 50,
    campaign: {
      ...CAMPAIGN,
      name: 'reported_minimax',
      accounts: 480,
      pool: { ...CAMPAIGN.pool, callsPerAccountPerDay: 20, dispatch: { ...CAMPAIGN.pool.dispatch, mode: 'sticky' } },
      mix: { agentic_coding: 0.85, chain_of_thought: 0.15 },
      templatesPerKind: 3,
      paraphrases: 2,
      chineseShare: 0.15,
      camouflageShare: 0.2,
      pivotShare: 0.5,
      leakage: { ...HALF, client: through('Go-http-client/1.1', 'relay utls chrome') },
    },
  },
  {
    name: 'reported-moonshot',
    description:
      'Agentic reasoning, coding and vision over several access routes: hundreds of accounts, a fiftieth of the exchanges.',
    days: 3,
    fullSize: 1,
    exchanges: 3_400_000 / 50,
    campaign: {
      ...CAMPAIGN,
      name: 'reported_moonshot',
      accounts: 300,
      pool: {
        ...CAMPAIGN.pool,
        callsPerAccountPerDay: 24,
        dispatch: { ...CAMPAIGN.pool.dispatch, mode: 'least_loaded' },
      },
      mix: { agentic_coding: 0.4, chain_of_thought: 0.3, vision_reasoning: 0.3 },
      templatesPerKind: 2,
      chineseShare: 0.25,
      otherLanguageShare: 0.1,
      accessRoutes: 4,
      leakage: { ...HALF, client: through('OpenAI/Python 1.70.0', 'curl-impersonate 0.7') },
    },
  },
  {
    name: 'reported-deepseek',
    description:
      'Shared payment, synchronised bursts, chain of thought, rubric grading and policy rewrites. Scale 1 is about the reported size.',
    days: 3,
    fullSize: 1,
    exchanges: 150_000,
    campaign: {
      ...CAMPAIGN,
      name: 'reported_deepseek',
      accounts: 120,
      pool: { ...CAMPAIGN.pool, callsPerAccountPerDay: 90, bursts: { onMinutes: 60, offMinutes: 120 } },
      mix: { chain_of_thought: 0.5, rubric_grading: 0.3, policy_rewrite: 0.2 },
      chineseShare: 0.4,
      camouflageShare: 0,
      leakage: { ...HALF, payment: { share: 0.5, group: 20 }, client: through('python-requests/2.32.3', 'urllib3-2') },
    },
  },
  {
    name: 'reported-proxy-network',
    description:
      'A network of proxies over 20,000 accounts at full size (scale 50) that mixes harvest with the requests of unrelated customers, half and half.',
    days: 3,
    fullSize: 50,
    // Not reported: a month of it.
    exchanges: 400 * 30 * 30,
    campaign: {
      ...CAMPAIGN,
      name: 'reported_proxy_network',
      accounts: 400,
      pool: { ...CAMPAIGN.pool, callsPerAccountPerDay: 30, dispatch: { ...CAMPAIGN.pool.dispatch, mode: 'random' } },
      mix: { chain_of_thought: 0.4, agentic_coding: 0.3, instruction_generation: 0.3 },
      templatesPerKind: 2,
      paraphrases: 2,
      otherLanguageShare: 0.15,
      camouflageShare: 0.5,
      bansPerAccountPerDay: 0.04,
      replacements: 'fresh',
      accessRoutes: 3,
      leakage: HALF,
    },
  },
];

/** Throws RangeError on an unknown name. */
export function reportedCampaign(name: string): ReportedCampaign {
  const found = reportedCampaigns.find((campaign) => campaign.name === name);
  if (found === undefined) throw new RangeError(`no reported campaign is called ${name}`);
  return found;
}
