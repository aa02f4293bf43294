import type { CampaignSpec } from '../../../services/simulate/actors/campaign-spec.ts';
import { CUSTOMERS } from '../../../services/simulate/actors/customers.ts';
import { RESELLER_POOL, type ResellerPoolSpec } from '../../../services/simulate/actors/reseller-pool.ts';
import { hardNegatives, harvestedReseller, resize } from '../../../services/simulate/hard-negatives.ts';
import { turnKnobs } from '../../../services/simulate/knobs.ts';
import {
  type ReportedCampaign,
  reportedCampaign,
  reportedCampaigns,
} from '../../../services/simulate/reported-campaigns.ts';
import { createScenario } from '../../../services/simulate/scenarios.ts';
import { type Detector, type PromptInput, type Run, SHIPPED } from '../measurement.ts';
import { type Experiment, forSeeds, type Size, scenarioOf } from './experiment.ts';

/** A quarter of the accounts; half of the network that resells beside, a quarter of which is at the edge of what is seen in two days. */
const scaleOfQuick = (name: string): number => (name === 'reported-proxy-network' ? 0.5 : 0.25);

/** A reported campaign hidden 1:20, alone with ordinary customers and three hard negatives; `change` makes the variants. */
export function campaignRun(
  experiment: string,
  size: Size,
  { name, days, launchAfter, campaign, exchanges }: ReportedCampaign,
  change: (campaign: CampaignSpec) => CampaignSpec = (same) => same,
  detector: Detector = SHIPPED,
): Omit<Run, 'seed'> {
  const scale = size.scale * (size.quick ? scaleOfQuick(name) : 1);
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

export const seedCampaigns: Experiment = {
  name: 'campaigns',
  title: 'The reported campaigns at 1/50, hidden 1:20, half of the identifiers leaking',
  quick: true,
  runs: (size) => reportedCampaigns.flatMap((c) => forSeeds(size, campaignRun('campaigns', size, c))),
};

/** The quick form shows one campaign of each variant: the slowest and widest. */
const ofVariants = (size: Size): readonly ReportedCampaign[] =>
  size.quick ? reportedCampaigns.slice(0, 1) : reportedCampaigns;

export const camouflage: Experiment = {
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

export const noIdentifiers: Experiment = {
  name: 'no-identifiers',
  title: 'The same with no shared identifier: templates and lockstep only',
  quick: true,
  runs: (size) => ofVariants(size).flatMap((c) => forSeeds(size, campaignRun('no-identifiers', size, c, noIdentifier))),
};

export const inputs: Experiment = {
  name: 'inputs',
  title: 'Text, fingerprint, neither',
  quick: true,
  runs: (size) =>
    ofVariants(size).flatMap((c) =>
      // With text it is `campaigns`: the quick form does not say it twice.
      (['text', 'fingerprint', 'neither'] satisfies PromptInput[]).slice(size.quick ? 1 : 0).flatMap((input) =>
        forSeeds(size, {
          ...campaignRun('inputs', size, c, undefined, { ...SHIPPED, input }),
          label: `${c.campaign.name} ${input}`,
        }),
      ),
    ),
};

export const reseller: Experiment = {
  name: 'reseller',
  title: 'A reseller pool, a part of whose accounts harvests',
  quick: true,
  runs: (size) =>
    (size.quick ? [0.15] : [0.05, 0.1, 0.15, 0.3]).flatMap((share) =>
      forSeeds(size, {
        experiment: 'reseller',
        label: `${Math.round(share * 100)} % harvest`,
        scenario: scenarioOf('harvested-reseller', 4, [
          { ...CUSTOMERS, accounts: Math.round((size.quick ? 300 : 1_500) * size.scale) },
          resize(harvestedReseller(share), size.scale),
        ]),
        detector: SHIPPED,
        wholeCampaign: null,
      }),
    ),
};

const askingReseller = (share: number): ResellerPoolSpec => ({ ...RESELLER_POOL, askedShare: share });

/** Every figure above is of customers who hardly ever ask for what looks like training data. Here many do: everything must be judged by that. */
export const asking: Experiment = {
  name: 'asking',
  title: 'Customers of whom many ask for such things with good reason, and so a reseller’s',
  quick: false,
  runs: (size) =>
    [0.05, 0.1, 0.2].flatMap((share) => {
      const { campaign } = reportedCampaign('reported-alibaba');
      const harvested = harvestedReseller(0.15);
      const accounts = Math.max(5, Math.round(150 * size.scale));
      return forSeeds(size, {
        experiment: 'asking',
        label: `${Math.round(share * 100)} % ask`,
        scenario: scenarioOf('asking', 4, [
          { ...CUSTOMERS, accounts: Math.round(2_000 * size.scale), askedShare: share },
          resize(askingReseller(share), size.scale),
          resize(askingReseller(2 * share), size.scale),
          { ...campaign, accounts, pool: { ...campaign.pool, rampDays: 0 } },
          resize({ ...harvested, askedShare: share }, size.scale),
        ]),
        detector: SHIPPED,
        wholeCampaign: null,
      });
    }),
};

/** The reported size: 25,000 accounts over 45 days. Of the benign traffic two thousand customers and a third of each hard negative: its own takes hours. */
export const full: Experiment = {
  name: 'alibaba-full',
  title: 'The Alibaba campaign at full size, its benign traffic sampled',
  quick: false,
  long: true,
  runs: (size) => {
    const { campaign, fullSize, exchanges } = reportedCampaign('reported-alibaba');
    const spec = {
      ...campaign,
      accounts: Math.round(campaign.accounts * fullSize * size.scale),
      pool: { ...campaign.pool, rampDays: 5 },
    };
    return forSeeds(size, {
      experiment: 'alibaba-full',
      label: `${spec.accounts} accounts`,
      scenario: scenarioOf('alibaba-full', 45, [
        { ...CUSTOMERS, accounts: Math.round(2_000 * size.scale) },
        spec,
        ...hardNegatives.map((negative) => resize(negative.spec, 0.3)),
      ]),
      detector: SHIPPED,
      wholeCampaign: exchanges * fullSize * size.scale,
    });
  },
};
