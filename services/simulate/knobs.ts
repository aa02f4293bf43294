import type { CampaignSpec } from './actors/campaign-spec.ts';
import { CUSTOMERS, type CustomersSpec } from './actors/customers.ts';
import type { DispatchName } from './actors/dispatch.ts';
import type { LeakageSpec } from './actors/leakage.ts';
import { drawCallsPerDay, type RateSpec } from './actors/ordinary.ts';
import { createRandom } from './random.ts';

/** The ways in which a campaign can be made harder or easier to see: the axes of the recall surface. */
export interface CampaignKnobs {
  accounts: number;
  callsPerAccountPerDay: number;
  /** 0..1: share of the calls that are other people's ordinary traffic. */
  camouflage: number;
  /** 0..1: share of the accounts that share each kind of identifier (card, device, sign-up network and batch, egress, client). */
  leakage: number;
  dispatch: DispatchName;
  /** Wordings of each template. */
  paraphrases: number;
}

export function turnKnobs(campaign: CampaignSpec, knobs: Partial<CampaignKnobs>): CampaignSpec {
  const { accounts, callsPerAccountPerDay, camouflage, leakage, dispatch, paraphrases } = knobs;
  return {
    ...campaign,
    accounts: accounts ?? campaign.accounts,
    camouflageShare: camouflage ?? campaign.camouflageShare,
    paraphrases: paraphrases ?? campaign.paraphrases,
    leakage: leakage === undefined ? campaign.leakage : leakageAt(campaign.leakage, leakage),
    pool: {
      ...campaign.pool,
      callsPerAccountPerDay: callsPerAccountPerDay ?? campaign.pool.callsPerAccountPerDay,
      dispatch: { ...campaign.pool.dispatch, mode: dispatch ?? campaign.pool.dispatch.mode },
    },
  };
}

/** Every identifier leaks for the same share of the accounts, in the groups that the campaign has. */
export function leakageAt(spec: LeakageSpec, share: number): LeakageSpec {
  return {
    ...spec,
    payment: { ...spec.payment, share },
    signupDevice: { ...spec.signupDevice, share },
    signupNetwork: { ...spec.signupNetwork, share },
    signupBatch: { ...spec.signupBatch, share },
    egress: { ...spec.egress, share },
    client: { ...spec.client, share },
  };
}

/** Ordinary customers who together make `times` as many calls as the campaign: 20 hides it 1:20, one call in twenty-one. */
export function customersAround(campaign: CampaignSpec, times: number): CustomersSpec {
  const calls = campaign.accounts * campaign.pool.callsPerAccountPerDay * times;
  return { ...CUSTOMERS, accounts: Math.max(1, Math.round(calls / meanCallsPerDay(CUSTOMERS.rates))) };
}

/** By drawing: the cut at `cap` leaves no short formula. The same draws each time. */
export function meanCallsPerDay(rates: RateSpec): number {
  const random = createRandom('mean calls a day');
  const draws = 50_000;
  let sum = 0;
  for (let i = 0; i < draws; i += 1) sum += drawCallsPerDay(random, rates);
  return sum / draws;
}
