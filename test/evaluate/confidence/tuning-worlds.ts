import { AGENT_FRAMEWORK } from '../../../services/simulate/actors/agent-framework.ts';
import { BATCH_LABELLING } from '../../../services/simulate/actors/batch-labelling.ts';
import { CAMPAIGN, LEAKAGE } from '../../../services/simulate/actors/campaign.ts';
import type { CampaignSpec } from '../../../services/simulate/actors/campaign-spec.ts';
import { CI_FLEET } from '../../../services/simulate/actors/ci-fleet.ts';
import { CLASSROOM } from '../../../services/simulate/actors/classroom.ts';
import { CORPORATE_NAT } from '../../../services/simulate/actors/corporate-nat.ts';
import { CUSTOMERS } from '../../../services/simulate/actors/customers.ts';
import { EVALUATION_HARNESS } from '../../../services/simulate/actors/evaluation-harness.ts';
import { IDE_VENDOR } from '../../../services/simulate/actors/ide-vendor.ts';
import { PREPAID_BIN } from '../../../services/simulate/actors/prepaid-bin.ts';
import { RESELLER_POOL } from '../../../services/simulate/actors/reseller-pool.ts';
import { UNIVERSITY } from '../../../services/simulate/actors/university.ts';
import { createRandom, type Random } from '../../../services/simulate/random.ts';
import type { HardNegativeSpec, Scenario } from '../../../services/simulate/scenario.ts';
import { SIMULATION_START } from '../../../services/simulate/scenarios.ts';

export interface TuningWorld {
  seed: number;
  scenario: Scenario;
  markerRecall: number;
  /** Of the campaign. */
  camouflage: number;
}

const DAY = 86_400_000;
/** The population has to be watched for a day before a model can be new. */
const DAYS = 1.6;
const LAUNCH_DAY = 1.15;
/** A world must stay small enough for a fit over a hundred of them to take minutes. */
const MOST_CALLS_A_DAY = 6_000;

const MIXES: readonly CampaignSpec['mix'][] = [
  { chain_of_thought: 1 },
  { rubric_grading: 0.7, chain_of_thought: 0.3 },
  { instruction_generation: 0.6, policy_rewrite: 0.4 },
  { agentic_coding: 1 },
  { agentic_coding: 0.85, chain_of_thought: 0.15 },
  { chain_of_thought: 0.35, agentic_coding: 0.35, instruction_generation: 0.2, rubric_grading: 0.1 },
  { agentic_coding: 0.4, chain_of_thought: 0.3, vision_reasoning: 0.3 },
];

/** The surface of the issue: accounts, calls a day, camouflage, leakage, dispatch, paraphrase, pivot, samples; one campaign and three hard negatives a world. */
export function tuningWorlds(count: number, firstSeed: number): TuningWorld[] {
  return Array.from({ length: count }, (_, index) => {
    const seed = firstSeed + index;
    const random = createRandom(seed).fork('tuning world');
    const campaign = drawCampaign(random.fork('campaign'), index);
    const start = SIMULATION_START + random.int(5) * DAY;
    return {
      seed,
      markerRecall: random.pick([1, 1, 0.7, 0.4]),
      camouflage: campaign.camouflageShare,
      scenario: {
        name: `tuning-${seed}`,
        description: 'One draw from the surface on which confidence is fitted.',
        start,
        days: DAYS,
        text: index % 3 === 2 ? 'none' : 'full',
        disturbance: null,
        launch: random.chance(0.6) ? { model: 'nimbus-large-5', at: start + Math.round(LAUNCH_DAY * DAY) } : null,
        actors: [{ ...CUSTOMERS, accounts: 300 }, campaign, ...drawHardNegatives(random.fork('hard negatives'), index)],
      },
    };
  });
}

function drawCampaign(random: Random, index: number): CampaignSpec {
  const accounts = Math.round(10 * 60 ** random.next());
  const callsPerAccountPerDay = Math.min(5 * 60 ** random.next(), MOST_CALLS_A_DAY / accounts);
  const leak = random.next();
  return {
    ...CAMPAIGN,
    accounts,
    pool: {
      ...CAMPAIGN.pool,
      callsPerAccountPerDay,
      queueCv: random.pick([0.7, 1, 1, 1.5]),
      hourProfile: random.pick(['flat', 'flat', 'flat', 'day'] as const),
      bursts: random.chance(0.2) ? { onMinutes: 60, offMinutes: 120 } : null,
      dispatch: {
        ...CAMPAIGN.pool.dispatch,
        mode: random.pick(['round_robin', 'sticky', 'least_loaded', 'random'] as const),
      },
    },
    mix: MIXES[index % MIXES.length] ?? { chain_of_thought: 1 },
    templatesPerKind: 1 + random.int(4),
    paraphrases: 1 + random.int(3),
    chineseShare: random.pick([0, 0.2, 0.5]),
    samplesPerPrompt: random.chance(0.2) ? 4 : 1,
    camouflageShare: random.pick([0, 0, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9]),
    leakage: {
      ...LEAKAGE,
      egress: { ...LEAKAGE.egress, share: leak },
      client: { ...LEAKAGE.client, share: random.next() },
    },
    pivotShare: random.chance(0.5) ? 0.5 : 0,
    accessRoutes: random.pick([0, 0, 3]),
  };
}

function drawHardNegatives(random: Random, index: number): HardNegativeSpec[] {
  const size = (count: number): number => Math.max(5, Math.round(count * 0.4 * 6 ** random.next()));
  const all: readonly HardNegativeSpec[] = [
    { ...CORPORATE_NAT, seats: size(120) },
    { ...CI_FLEET, accounts: size(12) },
    { ...RESELLER_POOL, accounts: size(40), people: size(200) },
    { ...UNIVERSITY, people: size(120) },
    { ...EVALUATION_HARNESS, teams: size(8) },
    {
      ...RESELLER_POOL,
      accounts: size(30),
      people: size(120),
      pool: { ...RESELLER_POOL.pool, hourProfile: 'flat', callsPerAccountPerDay: 90 },
    },
    { ...IDE_VENDOR, users: size(120) },
    { ...BATCH_LABELLING, accounts: size(8), callsPerAccountPerNight: 300 },
    { ...AGENT_FRAMEWORK, users: size(100) },
    { ...PREPAID_BIN, accounts: size(80) },
    { ...CI_FLEET, accounts: size(40), callsPerAccountPerDay: 50 },
    { ...CLASSROOM, students: size(50) },
    { ...RESELLER_POOL, accounts: size(60), people: size(150), askedShare: 0.1 },
    { ...CI_FLEET, accounts: size(25), declared: false },
    {
      ...RESELLER_POOL,
      accounts: size(40),
      people: size(60),
      category: 'code',
      pool: { ...RESELLER_POOL.pool, hourProfile: 'flat' },
    },
  ];
  // Every third is a reseller of some kind or build machines: what comes nearest to a hydra without being one.
  const nearest = all.slice(-3);
  return [
    ...[0, 1].flatMap((step) => all[(2 * index + step) % (all.length - nearest.length)] ?? []),
    ...nearest.slice(index % nearest.length, (index % nearest.length) + 1),
  ];
}
