import { asking, camouflage, full, inputs, noIdentifiers, reseller, seedCampaigns } from './campaigns.ts';
import type { Experiment } from './experiment.ts';
import { allHardNegatives, eachHardNegative, month } from './innocents.ts';
import { ablations, disturbed, surface } from './sweeps.ts';

/** In the order of the report: false alarms first. */
export const EXPERIMENTS: readonly Experiment[] = [
  allHardNegatives,
  eachHardNegative,
  seedCampaigns,
  reseller,
  camouflage,
  noIdentifiers,
  inputs,
  asking,
  disturbed,
  ablations,
  surface,
  month,
  full,
];
