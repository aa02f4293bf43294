import { SIGNATURE_NAMES } from '../../../services/clusters/signatures/all.ts';
import type { EvidenceGroup } from '../../../services/links/settings.ts';
import { CAMPAIGN } from '../../../services/simulate/actors/campaign.ts';
import { type CampaignKnobs, customersAround, turnKnobs } from '../../../services/simulate/knobs.ts';
import { reportedCampaign } from '../../../services/simulate/reported-campaigns.ts';
import { createScenario, HIDDEN_AMONG } from '../../../services/simulate/scenarios.ts';
import { type Detector, type Run, SHIPPED, type SurfacePoint } from '../measurement.ts';
import { campaignRun } from './campaigns.ts';
import { type Experiment, forSeeds, type Size, scenarioOf } from './experiment.ts';

const LEGS: readonly EvidenceGroup[] = ['payment', 'signup', 'network', 'application', 'synchrony'];

/** One ordinary campaign in which every leg and signature has something to do. */
export const ablations: Experiment = {
  name: 'ablations',
  title: 'Each linking leg and each signature off',
  quick: false,
  runs: (size) => {
    const slow = reportedCampaign('reported-alibaba');
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
export const surface: Experiment = {
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
export const disturbed: Experiment = {
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
