import { AGENT_FRAMEWORK } from './actors/agent-framework.ts';
import { BATCH_LABELLING } from './actors/batch-labelling.ts';
import { CAMPAIGN } from './actors/campaign.ts';
import type { CampaignSpec } from './actors/campaign-spec.ts';
import { CLASSROOM } from './actors/classroom.ts';
import { CORPORATE_NAT } from './actors/corporate-nat.ts';
import { CUSTOMERS } from './actors/customers.ts';
import { EVALUATION_HARNESS } from './actors/evaluation-harness.ts';
import { RESELLER_POOL } from './actors/reseller-pool.ts';
import { DAY_MS } from './arrivals.ts';
import type { Disturbance } from './disturbance.ts';
import { type HardNegative, hardNegatives, harvestedReseller, resize } from './hard-negatives.ts';
import { customersAround } from './knobs.ts';
import { reportedCampaigns } from './reported-campaigns.ts';
import type { ActorSpec, Scenario } from './scenario.ts';

/** The first day of the longest of the reported campaigns. */
export const SIMULATION_START = Date.UTC(2026, 3, 22);

/** Calls of ordinary customers for each call of a reported campaign. */
export const HIDDEN_AMONG = 20;

export interface ScenarioOptions {
  /** Simulated days. */
  days?: number;
  /** Multiplies the numbers of accounts; 1 is the scenario's usual size. */
  scale?: number;
  text?: 'full' | 'none';
  disturbance?: Disturbance | null;
}

interface Recipe {
  description: string;
  days: number;
  /** Share of the time at which a new model is released; absent: none. */
  launchAfter?: number;
  actors: (scale: number) => ActorSpec[];
}

function scaled(count: number, scale: number): number {
  return Math.max(1, Math.round(count * scale));
}

function customers(accounts: number, scale: number): ActorSpec {
  return { ...CUSTOMERS, accounts: scaled(accounts, scale) };
}

function hardNegativeRecipe({ name, description, spec }: HardNegative): [string, Recipe] {
  const recipe: Recipe = {
    description: `Hard negative among ordinary customers, no campaign: ${description}.`,
    days: 3,
    ...(spec.type === 'evaluation_harness' ? { launchAfter: 0.4 } : {}),
    actors: (scale) => [customers(400, scale), resize(spec, scale)],
  };
  return [name, recipe];
}

/** The campaign hidden 1:20 in ordinary customers, beside a company, a reseller and an agent framework. */
function hidden(campaign: CampaignSpec, scale: number): ActorSpec[] {
  const sized = { ...campaign, accounts: scaled(campaign.accounts, scale) };
  return [
    customersAround(sized, HIDDEN_AMONG),
    sized,
    resize({ ...CORPORATE_NAT, seats: 100 }, scale),
    resize(RESELLER_POOL, scale),
    resize(AGENT_FRAMEWORK, scale),
  ];
}

const RECIPES: ReadonlyMap<string, Recipe> = new Map<string, Recipe>([
  [
    'demo',
    {
      description:
        'One campaign of 60 accounts hidden 1:20 in ordinary customers, with six hard negatives, over three days.',
      days: 3,
      launchAfter: 0.5,
      actors: (scale) => [
        { ...CUSTOMERS, accounts: scaled(1_200, scale), rates: { ...CUSTOMERS.rates, cap: 250 } },
        { ...CAMPAIGN, accounts: scaled(CAMPAIGN.accounts, scale) },
        resize({ ...CORPORATE_NAT, seats: 120 }, scale),
        resize({ ...RESELLER_POOL, accounts: 25, people: 150 }, scale),
        resize({ ...CLASSROOM, students: 40 }, scale),
        resize({ ...BATCH_LABELLING, accounts: 1 }, scale),
        resize({ ...EVALUATION_HARNESS, teams: 3, questionsPerTeam: 400 }, scale),
        resize({ ...AGENT_FRAMEWORK, users: 60 }, scale),
      ],
    },
  ],
  [
    'small',
    {
      description: 'For tests: a campaign of 24 accounts, ordinary customers and three hard negatives over a day.',
      days: 1,
      actors: (scale) => [
        { ...CUSTOMERS, accounts: scaled(160, scale), rates: { ...CUSTOMERS.rates, cap: 200 } },
        { ...CAMPAIGN, accounts: scaled(24, scale), pool: { ...CAMPAIGN.pool, callsPerAccountPerDay: 60 } },
        resize({ ...CORPORATE_NAT, seats: 40, callsPerSeatPerDay: 10 }, scale),
        resize({ ...RESELLER_POOL, accounts: 10, people: 60 }, scale),
        resize({ ...CLASSROOM, students: 20, callsPerStudentPerLesson: 10 }, scale),
      ],
    },
  ],
  ...hardNegatives.map(hardNegativeRecipe),
  [
    'hard-negatives',
    {
      description: 'Every hard negative at once among ordinary customers, no campaign: nothing may page.',
      days: 3,
      launchAfter: 0.4,
      actors: (scale) => [customers(800, scale), ...hardNegatives.map(({ spec }) => resize(spec, scale))],
    },
  ],
  [
    'harvested-reseller',
    {
      description:
        'A reseller pool, 15 percent of whose accounts one customer uses to harvest; the others only resell.',
      days: 3,
      actors: (scale) => [customers(1_000, scale), resize(harvestedReseller(0.15), scale)],
    },
  ],
  ...reportedCampaigns.map(({ name, description, days, launchAfter, campaign }): [string, Recipe] => [
    name,
    {
      description,
      days,
      ...(launchAfter === undefined ? {} : { launchAfter }),
      actors: (scale) => hidden(campaign, scale),
    },
  ]),
]);

/** Name and description of every scenario. */
export function listScenarios(): { name: string; description: string }[] {
  return [...RECIPES].map(([name, { description }]) => ({ name, description }));
}

/** Throws RangeError on an unknown name or on days or scale that are not positive numbers. */
export function createScenario(name: string, options: ScenarioOptions = {}): Scenario {
  const recipe = RECIPES.get(name);
  if (recipe === undefined)
    throw new RangeError(`unknown scenario "${name}": choose one of ${[...RECIPES.keys()].join(', ')}`);
  const { days = recipe.days, scale = 1, text = 'full', disturbance = null } = options;
  for (const [label, value] of [
    ['days', days],
    ['scale', scale],
  ] as const) {
    if (!(Number.isFinite(value) && value > 0))
      throw new RangeError(`${label} must be a positive number, got ${value}`);
  }
  const launch =
    recipe.launchAfter === undefined
      ? null
      : { model: 'nimbus-large-5', at: SIMULATION_START + Math.round(recipe.launchAfter * days * DAY_MS) };
  return {
    name,
    description: recipe.description,
    start: SIMULATION_START,
    days,
    text,
    launch,
    actors: recipe.actors(scale),
    disturbance,
  };
}
