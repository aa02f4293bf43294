import { CAMPAIGN, type CampaignSpec, LEAKAGE } from './actors/campaign.ts';

/**
 * The four publicly reported campaigns that are the project's yardstick (press reports give sizes and signals, nothing else: the rest
 * are this simulator's choices). Accounts are reduced to what one machine handles; `fullSize` says by which scale the report is reached.
 */
export interface ReportedCampaign {
  name: string;
  description: string;
  days: number;
  /** Share of the time after which the model is launched to which the campaign turns. */
  launchAfter?: number;
  campaign: CampaignSpec;
  /** Scale at which the number of accounts is the reported one. */
  fullSize: number;
}

export const reportedCampaigns: readonly ReportedCampaign[] = [
  {
    name: 'reported-alibaba',
    description: 'Slow and wide: 25.6 calls an account a day, slow ramp. Scale 50 is the reported 25,000 accounts.',
    days: 3,
    fullSize: 50,
    campaign: {
      ...CAMPAIGN,
      name: 'reported_alibaba',
      accounts: 500,
      pool: { ...CAMPAIGN.pool, callsPerAccountPerDay: 25.6, rampDays: 1 },
      mix: { chain_of_thought: 0.35, agentic_coding: 0.35, instruction_generation: 0.2, rubric_grading: 0.1 },
      templatesPerKind: 2,
      paraphrases: 2,
      chineseShare: 0.35,
      camouflageShare: 0.2,
      bansPerAccountPerDay: 0.01,
    },
  },
  {
    name: 'reported-minimax',
    description:
      'Agentic coding and tools; half the traffic moves to a new model within a day of its launch. Scale 40 is 24,000 accounts.',
    days: 3,
    launchAfter: 0.4,
    fullSize: 40,
    campaign: {
      ...CAMPAIGN,
      name: 'reported_minimax',
      accounts: 600,
      pool: { ...CAMPAIGN.pool, callsPerAccountPerDay: 20, dispatch: { ...CAMPAIGN.pool.dispatch, mode: 'sticky' } },
      mix: { agentic_coding: 0.85, chain_of_thought: 0.15 },
      templatesPerKind: 3,
      paraphrases: 2,
      chineseShare: 0.15,
      camouflageShare: 0.35,
      pivotShare: 0.5,
    },
  },
  {
    name: 'reported-moonshot',
    description:
      'Agentic reasoning, coding and vision over several access routes. Scale 3 is some hundreds of accounts.',
    days: 3,
    fullSize: 3,
    campaign: {
      ...CAMPAIGN,
      name: 'reported_moonshot',
      accounts: 150,
      pool: {
        ...CAMPAIGN.pool,
        callsPerAccountPerDay: 220,
        dispatch: { ...CAMPAIGN.pool.dispatch, mode: 'least_loaded' },
      },
      mix: { agentic_coding: 0.4, chain_of_thought: 0.3, vision_reasoning: 0.3 },
      templatesPerKind: 2,
      chineseShare: 0.25,
      accessRoutes: 4,
      leakage: { ...LEAKAGE, payment: { share: 0.15, group: 4 }, client: { ...LEAKAGE.client, share: 0.5 } },
    },
  },
  {
    name: 'reported-deepseek',
    description:
      'Shared payment, synchronised bursts, chain of thought, rubric grading and policy rewrites. Scale 1 is about the reported size.',
    days: 3,
    fullSize: 1,
    campaign: {
      ...CAMPAIGN,
      name: 'reported_deepseek',
      accounts: 120,
      pool: { ...CAMPAIGN.pool, callsPerAccountPerDay: 90, bursts: { onMinutes: 60, offMinutes: 120 } },
      mix: { chain_of_thought: 0.5, rubric_grading: 0.3, policy_rewrite: 0.2 },
      chineseShare: 0.4,
      camouflageShare: 0,
      leakage: { ...LEAKAGE, payment: { share: 0.9, group: 20 } },
    },
  },
];
