import type { HarvestUse } from '../prompts/library.ts';
import type { LeakageSpec } from './leakage.ts';
import type { PoolSpec } from './pool.ts';

/** A hydra cluster: many accounts, one queue of harvesting work. `pool.callsPerAccountPerDay` counts the camouflage as well. */
export interface CampaignSpec {
  type: 'campaign';
  name: string;
  accounts: number;
  pool: PoolSpec;
  /** Weights of the kinds of harvesting. */
  mix: Partial<Readonly<Record<HarvestUse, number>>>;
  templatesPerKind: number;
  /** Wordings of each template. */
  paraphrases: number;
  chineseShare: number;
  /** Share of prompts in other languages than English and Chinese. */
  otherLanguageShare: number;
  /** How many answers to the very same prompt are collected, each through the next account. */
  samplesPerPrompt: number;
  /** Share of calls that are resold ordinary traffic of other people. */
  camouflageShare: number;
  leakage: LeakageSpec;
  /** Chance for an account to be suspended within a day. */
  bansPerAccountPerDay: number;
  /** Who takes the place of a suspended account: one of the stock that was registered with the others, or one that signs up for it. */
  replacements: 'stock' | 'fresh';
  replacementMinutes: number;
  /** Share of the harvest that moves to a newly launched model within a day of its release. */
  pivotShare: number;
  /** Direct accounts, and this many resellers through which some of them were bought. */
  accessRoutes: number;
}
