import { SIGNATURE_NAMES } from '../../services/clusters/signatures/all.ts';
import type { EvidenceGroup } from '../../services/links/settings.ts';
import { CAMPAIGN, type CampaignSpec } from '../../services/simulate/actors/campaign.ts';
import { CUSTOMERS } from '../../services/simulate/actors/customers.ts';
import { hardNegatives, harvestedReseller, resize } from '../../services/simulate/hard-negatives.ts';
import { type CampaignKnobs, customersAround, turnKnobs } from '../../services/simulate/knobs.ts';
import { type ReportedCampaign, reportedCampaigns } from '../../services/simulate/reported-campaigns.ts';
import type { ActorSpec, Scenario } from '../../services/simulate/scenario.ts';
import { createScenario, HIDDEN_AMONG, SIMULATION_START } from '../../services/simulate/scenarios.ts';
import { type Detector, type PromptInput, type Run, SHIPPED, type SurfacePoint } from './measurement.ts';

export interface Size {
  /** Multiplies the numbers of accounts. */
  scale: number;
  seeds: readonly number[];
  quick: boolean;
}

export interface Experiment {
  name: string;
  title: string;
  /** Part of `--quick` and of `npm test`. */
  quick: boolean;
  /** Hours long: run only when asked for by name. */
  long?: boolean;
  runs(size: Size): Run[];
}

const DAY = 86_400_000;

function scenarioOf(name: string, days: number, actors: readonly ActorSpec[], launchAfter?: number): Scenario {
  const launch =
    launchAfter === undefined
      ? null
      : { model: 'nimbus-large-5', at: SIMULATION_START + Math.round(launchAfter * days * DAY) };
  return { name, description: '', start: SIMULATION_START, days, text: 'full', launch, actors, disturbance: null };
}

/** The same run for each seed. */
function forSeeds(size: Size, run: Omit<Run, 'seed'>): Run[] {
  return size.seeds.map((seed) => ({ ...run, seed }));
}

const SCALE_OF_QUICK = 0.25;

/** A reported campaign hidden 1:20, alone with ordinary customers and three hard negatives; `change` makes the variants. */
function campaignRun(
  experiment: string,
  size: Size,
  { name, days, launchAfter, campaign, exchanges }: ReportedCampaign,
  change: (campaign: CampaignSpec) => CampaignSpec = (same) => same,
  detector: Detector = SHIPPED,
): Omit<Run, 'seed'> {
  const scale = size.scale * (size.quick ? SCALE_OF_QUICK : 1);
  const shown = createScenario(name, { scale, days: size.quick ? 2 : days });
  const actors = shown.actors.map((actor) => (actor.type === 'campaign' ? change(actor) : actor));
  return {
    experiment,
    label: campaign.name,
    scenario: { ...shown, actors, launch: launchAfter === undefined ? null : shown.launch },
    detector,
    wholeCampaign: exchanges * scale,
  };
}

const noIdentifier = (campaign: CampaignSpec): CampaignSpec => ({
  ...turnKnobs(campaign, { leakage: 0 }),
  accessRoutes: 0,
});

const seedCampaigns: Experiment = {
  name: 'campaigns',
  title: 'The reported campaigns at 1/50, hidden 1:20, half of the identifiers leaking',
  quick: true,
  runs: (size) => reportedCampaigns.flatMap((c) => forSeeds(size, campaignRun('campaigns', size, c))),
};

/** The quick form shows one campaign of each variant: the slowest and widest. */
const ofVariants = (size: Size): readonly ReportedCampaign[] =>
  size.quick ? reportedCampaigns.slice(0, 1) : reportedCampaigns;

const camouflage: Experiment = {
  name: 'camouflage',
  title: 'The same with 50 % camouflage',
  quick: true,
  runs: (size) =>
    ofVariants(size).flatMap((c) =>
      forSeeds(
        size,
        campaignRun('camouflage', size, c, (spec) => turnKnobs(spec, { camouflage: 0.5 })),
      ),
    ),
};

const noIdentifiers: Experiment = {
  name: 'no-identifiers',
  title: 'The same with no shared identifier: templates and lockstep only',
  quick: true,
  runs: (size) => ofVariants(size).flatMap((c) => forSeeds(size, campaignRun('no-identifiers', size, c, noIdentifier))),
};

const inputs: Experiment = {
  name: 'inputs',
  title: 'Text, fingerprint, neither',
  quick: true,
  runs: (size) =>
    ofVariants(size).flatMap((c) =>
      (['text', 'fingerprint', 'neither'] satisfies PromptInput[]).flatMap((input) =>
        forSeeds(size, {
          ...campaignRun('inputs', size, c, undefined, { ...SHIPPED, input }),
          label: `${c.campaign.name} ${input}`,
        }),
      ),
    ),
};

const reseller: Experiment = {
  name: 'reseller',
  title: 'A reseller pool, a part of whose accounts harvests',
  quick: true,
  runs: (size) =>
    (size.quick ? [0.15] : [0.05, 0.1, 0.15, 0.3]).flatMap((share) =>
      forSeeds(size, {
        experiment: 'reseller',
        label: `${Math.round(share * 100)} % harvest`,
        scenario: scenarioOf('harvested-reseller', size.quick ? 2 : 4, [
          { ...CUSTOMERS, accounts: Math.round((size.quick ? 300 : 1_500) * size.scale) },
          resize(harvestedReseller(share), size.scale),
        ]),
        detector: SHIPPED,
        wholeCampaign: null,
      }),
    ),
};

const eachHardNegative: Experiment = {
  name: 'hard-negatives',
  title: 'Each hard negative alone among ordinary customers: nothing may page',
  quick: false,
  runs: (size) =>
    hardNegatives.flatMap(({ name, spec }) =>
      forSeeds(size, {
        experiment: 'hard-negatives',
        label: name,
        scenario: scenarioOf(
          name,
          // Over two weeks, so that weekly habits and slow links show; a course is shortest.
          14,
          [{ ...CUSTOMERS, accounts: Math.round(300 * size.scale) }, resize(spec, size.scale)],
          spec.type === 'evaluation_harness' ? 0.4 : undefined,
        ),
        detector: SHIPPED,
        wholeCampaign: null,
      }),
    ),
};

function allTogether(days: number, customers: number, scale: number): Scenario {
  return scenarioOf(
    'all-hard-negatives',
    days,
    [
      { ...CUSTOMERS, accounts: Math.round(customers * scale) },
      ...hardNegatives.map(({ spec }) => resize(spec, Math.max(0.3, scale))),
    ],
    0.4,
  );
}

const allHardNegatives: Experiment = {
  name: 'all-hard-negatives',
  title: 'All hard negatives together: nothing may page',
  quick: true,
  runs: (size) =>
    forSeeds(size, {
      experiment: 'all-hard-negatives',
      label: size.quick ? '3 days' : '7 days',
      scenario: allTogether(size.quick ? 3 : 7, size.quick ? 500 : 5_000, size.scale),
      detector: SHIPPED,
      wholeCampaign: null,
    }),
};

const MONTH_OF_BENIGN = 50_000;

/** About 40 million calls at scale 1: hours. `--scale 0.1` tells in half an hour. */
const month: Experiment = {
  name: 'month',
  title: 'A month of 50,000 benign accounts with every hard negative: nothing may page',
  quick: false,
  long: true,
  runs: (size) =>
    forSeeds(size, {
      experiment: 'month',
      label: `${Math.round(MONTH_OF_BENIGN * size.scale)} accounts`,
      scenario: allTogether(30, MONTH_OF_BENIGN, size.scale),
      detector: SHIPPED,
      wholeCampaign: null,
    }),
};

/** The reported size: 25,000 accounts over 45 days, the benign traffic sampled to two thousand customers beside each hard negative. */
const full: Experiment = {
  name: 'alibaba-full',
  title: 'The Alibaba campaign at full size, its benign traffic sampled',
  quick: false,
  long: true,
  runs: (size) => {
    const reported = reportedCampaigns.find(({ name }) => name === 'reported-alibaba');
    if (reported === undefined) throw new Error('the reported campaigns have no reported-alibaba');
    const { campaign, fullSize, exchanges } = reported;
    const spec = {
      ...campaign,
      accounts: Math.round(campaign.accounts * fullSize * size.scale),
      pool: { ...campaign.pool, rampDays: 5 },
    };
    return forSeeds(size, {
      experiment: 'alibaba-full',
      label: `${spec.accounts} accounts`,
      scenario: scenarioOf('alibaba-full', 45, [
        { ...CUSTOMERS, accounts: Math.round(5_000 * size.scale) },
        spec,
        ...hardNegatives.map((negative) => negative.spec),
      ]),
      detector: SHIPPED,
      wholeCampaign: exchanges * fullSize * size.scale,
    });
  },
};

const LEGS: readonly EvidenceGroup[] = ['payment', 'signup', 'network', 'application', 'synchrony'];

/** One ordinary campaign in which every leg and signature has something to do. */
const ablations: Experiment = {
  name: 'ablations',
  title: 'Each linking leg and each signature off',
  quick: false,
  runs: (size) => {
    const [slow] = reportedCampaigns;
    if (slow === undefined) throw new Error('there are no reported campaigns');
    const detectors: [string, Detector][] = [
      ['everything on', SHIPPED],
      ...LEGS.map((leg): [string, Detector] => [`without ${leg}`, { ...SHIPPED, linkLegsOff: [leg] }]),
      ...SIGNATURE_NAMES.map((name): [string, Detector] => [`without ${name}`, { ...SHIPPED, signaturesOff: [name] }]),
    ];
    return detectors.flatMap(([label, detector]) =>
      forSeeds(
        { ...size, seeds: size.seeds.slice(0, 1) },
        { ...campaignRun('ablations', { ...size, quick: true }, slow, undefined, detector), label },
      ),
    );
  },
};

function surfaceRun(size: Size, knobs: Partial<CampaignKnobs>, label: string, point?: SurfacePoint): Run[] {
  const { accounts } = knobs;
  const campaign = turnKnobs(
    { ...CAMPAIGN, templatesPerKind: 2, replacements: 'fresh' },
    { ...knobs, ...(accounts === undefined ? {} : { accounts: Math.max(5, Math.round(accounts * size.scale)) }) },
  );
  // Around a large or loud campaign fewer customers do: the rest of the disk and the evening.
  const calls = campaign.accounts * campaign.pool.callsPerAccountPerDay;
  const times = Math.min(HIDDEN_AMONG, 150_000 / calls);
  return forSeeds(
    { ...size, seeds: size.seeds.slice(0, 1) },
    {
      experiment: 'surface',
      label,
      ...(point === undefined ? {} : { point }),
      scenario: scenarioOf('surface', 2, [customersAround(campaign, times), campaign]),
      detector: SHIPPED,
      wholeCampaign: null,
    },
  );
}

/** Along each axis from one middle point, and the plane of accounts by leakage by camouflage. */
const surface: Experiment = {
  name: 'surface',
  title: 'Recall over accounts, calls a day, camouflage, leakage, dispatch and paraphrases',
  quick: false,
  runs(size) {
    const middle = { accounts: 100, callsPerAccountPerDay: 25, camouflage: 0.2, leakage: 0.5, paraphrases: 1 };
    const runs: Run[] = [];
    for (const accounts of [10, 30, 100, 300])
      for (const leakage of [0, 0.25, 0.5, 1])
        for (const camouflage of [0, 0.5, 0.8]) {
          const point = { accounts, leakage, camouflage };
          const label = `accounts ${accounts}, leakage ${leakage}, camouflage ${camouflage}`;
          runs.push(...surfaceRun(size, { ...middle, ...point }, label, point));
        }
    const along: Partial<CampaignKnobs>[] = [
      ...[1_000, 5_000, 25_000].map((accounts) => ({ accounts })),
      ...[1, 5, 100, 1_000].map((callsPerAccountPerDay) => ({ callsPerAccountPerDay })),
      ...[0.9, 0.95].map((camouflage) => ({ camouflage })),
      ...(['round_robin', 'sticky', 'least_loaded', 'random'] as const).map((dispatch) => ({ dispatch })),
      ...[2, 5, 20].map((paraphrases) => ({ paraphrases })),
    ];
    for (const knob of along) {
      const label = Object.entries(knob)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ');
      runs.push(...surfaceRun(size, { ...middle, ...knob }, label));
    }
    return runs;
  },
};

/** The same figures although calls come twice, late and spoilt. */
const disturbed: Experiment = {
  name: 'disturbed',
  title: 'Duplicates, late and bad records',
  quick: false,
  runs: (size) =>
    [0, 0.02].flatMap((share) =>
      forSeeds(
        { ...size, seeds: size.seeds.slice(0, 1) },
        {
          experiment: 'disturbed',
          label: share === 0 ? 'undisturbed' : `${share * 100} % each`,
          scenario: createScenario('demo', {
            scale: size.scale,
            disturbance: { duplicateShare: share, lateShare: share, lateMinutes: 3, badShare: share },
          }),
          detector: SHIPPED,
          wholeCampaign: null,
        },
      ),
    ),
};

export const EXPERIMENTS: readonly Experiment[] = [
  allHardNegatives,
  eachHardNegative,
  seedCampaigns,
  reseller,
  camouflage,
  noIdentifiers,
  inputs,
  disturbed,
  ablations,
  surface,
  month,
  full,
];
