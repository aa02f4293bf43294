import { HOUR_MS, renewalArrivals } from '../arrivals.ts';
import { companyDomain } from '../identity.ts';
import { hostingEndpoint } from '../network.ts';
import type { Random } from '../random.ts';
import { drawShape } from '../work.ts';
import type { Actor, World } from '../world.ts';
import { buildGroup } from './group.ts';

/** One company labels its messages every night: one rubric-like template, thousands of fillings, very short answers, regular arrivals. */
export interface BatchLabellingSpec {
  type: 'batch_labelling';
  accounts: number;
  callsPerAccountPerNight: number;
  /** UTC. */
  startHour: number;
  hours: number;
}

export const BATCH_LABELLING: BatchLabellingSpec = {
  type: 'batch_labelling',
  accounts: 2,
  callsPerAccountPerNight: 1_200,
  startHour: 1,
  hours: 4,
};

export function buildBatchLabelling(spec: BatchLabellingSpec, world: World, random: Random): Actor {
  const shared = random.fork('company');
  const organization = `org_${shared.hex(12)}`;
  const payment = `pay_${shared.hex(20)}`;
  const domain = companyDomain(shared);
  const endpoint = hostingEndpoint(shared);
  const shape = {
    ...drawShape(shared, 'extract'),
    temperature: 0,
    maxTokens: 16,
    toolsHash: null,
    input: { mu: 6.5, sigma: 0.3 },
    output: { mu: 1.4, sigma: 0.3 },
  };
  const prompt = world.prompts.prompt(
    shared.pick(world.prompts.names({ use: 'labelling', language: 'en' })),
    shared,
    1,
  );
  const rate = spec.callsPerAccountPerNight / (spec.hours * HOUR_MS);
  return buildGroup(
    {
      name: spec.type,
      members: spec.accounts,
      plan: 'team',
      meanAgeDays: 300,
      share(account) {
        account.organization_id = organization;
        account.payment_fingerprint = payment;
        account.email_domain = domain;
      },
      member: (own) => ({
        category: 'extract',
        callsPerDay: spec.callsPerAccountPerNight,
        endpoints: [endpoint],
        work: [{ prompt, shape }],
        arrivals: renewalArrivals(own.fork('night'), world.start, world.end, 0.6, (window) => {
          const hour = (window / HOUR_MS) % 24;
          return hour >= spec.startHour && hour < spec.startHour + spec.hours ? rate : 0;
        }),
      }),
    },
    world,
    random,
  );
}
