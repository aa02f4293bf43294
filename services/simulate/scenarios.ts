import { AGENT_FRAMEWORK } from './actors/agent-framework.ts';
import { BATCH_LABELLING } from './actors/batch-labelling.ts';
import { CAMPAIGN } from './actors/campaign.ts';
import { CI_FLEET } from './actors/ci-fleet.ts';
import { CLASSROOM } from './actors/classroom.ts';
import { CORPORATE_NAT } from './actors/corporate-nat.ts';
import { CUSTOMERS } from './actors/customers.ts';
import { EVALUATION_HARNESS } from './actors/evaluation-harness.ts';
import { IDE_VENDOR } from './actors/ide-vendor.ts';
import { PREPAID_BIN } from './actors/prepaid-bin.ts';
import { RESELLER_POOL } from './actors/reseller-pool.ts';
import { UNIVERSITY } from './actors/university.ts';
import { DAY_MS } from './arrivals.ts';
import { reportedCampaigns } from './reported-campaigns.ts';
import type { ActorSpec, HardNegativeSpec, Scenario } from './scenario.ts';

/** The first day of the longest of the reported campaigns. */
export const SIMULATION_START = Date.UTC(2026, 3, 22);

export interface ScenarioOptions {
  /** Simulated days. */
  days?: number;
  /** Multiplies the numbers of accounts; 1 is the scenario's usual size. */
  scale?: number;
  text?: 'full' | 'none';
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

/** The same actor with more or fewer accounts. */
function resize(spec: HardNegativeSpec, scale: number): HardNegativeSpec {
  switch (spec.type) {
    case 'corporate_nat':
      return { ...spec, seats: scaled(spec.seats, scale) };
    case 'university':
      return { ...spec, people: scaled(spec.people, scale) };
    case 'ide_vendor':
    case 'agent_framework':
      return { ...spec, users: scaled(spec.users, scale) };
    case 'classroom':
      return { ...spec, students: scaled(spec.students, scale) };
    case 'evaluation_harness':
      return { ...spec, teams: scaled(spec.teams, scale) };
    case 'reseller_pool':
      return { ...spec, accounts: scaled(spec.accounts, scale), people: scaled(spec.people, scale) };
    case 'batch_labelling':
    case 'ci_fleet':
    case 'prepaid_bin':
      return { ...spec, accounts: scaled(spec.accounts, scale) };
  }
}

function customers(accounts: number, scale: number): ActorSpec {
  return { ...CUSTOMERS, accounts: scaled(accounts, scale) };
}

const HARD_NEGATIVES: readonly (readonly [HardNegativeSpec, string])[] = [
  [CORPORATE_NAT, 'one company, hundreds of seats, one address'],
  [UNIVERSITY, 'students and staff behind a few campus addresses'],
  [IDE_VENDOR, "programmers relayed by their editor's vendor"],
  [RESELLER_POOL, 'a load-balanced pool of accounts that only resells'],
  [EVALUATION_HARNESS, 'teams that run one benchmark on the day of a launch'],
  [BATCH_LABELLING, 'a nightly job that labels thousands of messages'],
  [CLASSROOM, 'a course that asks the same exercises in the same hour'],
  [AGENT_FRAMEWORK, 'one system prompt and user agent over unrelated accounts'],
  [CI_FLEET, "one company's build machines"],
  [PREPAID_BIN, 'unrelated people with prepaid cards of one issuer'],
];

function hardNegativeRecipe(spec: HardNegativeSpec, description: string): [string, Recipe] {
  const recipe: Recipe = {
    description: `Hard negative among ordinary customers, no campaign: ${description}.`,
    days: 3,
    ...(spec.type === 'evaluation_harness' ? { launchAfter: 0.4 } : {}),
    actors: (scale) => [customers(400, scale), resize(spec, scale)],
  };
  return [spec.type.replaceAll('_', '-'), recipe];
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
  ...HARD_NEGATIVES.map(([spec, description]) => hardNegativeRecipe(spec, description)),
  [
    'hard-negatives',
    {
      description: 'Every hard negative at once among ordinary customers, no campaign: nothing may page.',
      days: 3,
      launchAfter: 0.4,
      actors: (scale) => [customers(800, scale), ...HARD_NEGATIVES.map(([spec]) => resize(spec, scale))],
    },
  ],
  ...reportedCampaigns.map(({ name, description, days, launchAfter, campaign }): [string, Recipe] => [
    name,
    {
      description,
      days,
      ...(launchAfter === undefined ? {} : { launchAfter }),
      actors: (scale) => [
        customers(campaign.accounts * 5, scale),
        { ...campaign, accounts: scaled(campaign.accounts, scale) },
        resize({ ...CORPORATE_NAT, seats: 100 }, scale),
        resize(RESELLER_POOL, scale),
        resize(AGENT_FRAMEWORK, scale),
      ],
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
  const { days = recipe.days, scale = 1, text = 'full' } = options;
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
  };
}
