import { CUSTOMERS } from '../../../services/simulate/actors/customers.ts';
import { hardNegatives, resize } from '../../../services/simulate/hard-negatives.ts';
import type { Scenario } from '../../../services/simulate/scenario.ts';
import { SHIPPED } from '../measurement.ts';
import { type Experiment, forSeeds, scenarioOf } from './experiment.ts';

export const eachHardNegative: Experiment = {
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
          // A month, so that weekly habits and slow links show; a course is shortest.
          30,
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

export const allHardNegatives: Experiment = {
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

/** About 40 million calls at scale 1: two hours. `--scale 0.25` tells in half an hour. */
export const month: Experiment = {
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
