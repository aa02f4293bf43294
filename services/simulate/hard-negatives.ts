import { AGENT_FRAMEWORK } from './actors/agent-framework.ts';
import { BATCH_LABELLING } from './actors/batch-labelling.ts';
import { CAMPAIGN } from './actors/campaign.ts';
import { CI_FLEET } from './actors/ci-fleet.ts';
import { CLASSROOM } from './actors/classroom.ts';
import { COMPANY_APPLICATION } from './actors/company-application.ts';
import { CORPORATE_NAT } from './actors/corporate-nat.ts';
import { EVALUATION_HARNESS } from './actors/evaluation-harness.ts';
import { IDE_VENDOR } from './actors/ide-vendor.ts';
import { PREPAID_BIN } from './actors/prepaid-bin.ts';
import { RESELLER_POOL, type ResellerPoolSpec } from './actors/reseller-pool.ts';
import { UNIVERSITY } from './actors/university.ts';
import type { HardNegativeSpec } from './scenario.ts';

export interface HardNegative {
  /** Of its scenario. */
  name: string;
  description: string;
  spec: HardNegativeSpec;
  /** One of the ten that the project must never page on; the others are their likely variants. */
  original: boolean;
}

const original = (name: string, spec: HardNegativeSpec, description: string): HardNegative => ({
  name,
  spec,
  description,
  original: true,
});
const variant = (name: string, spec: HardNegativeSpec, description: string): HardNegative => ({
  name,
  spec,
  description,
  original: false,
});

export const hardNegatives: readonly HardNegative[] = [
  original('corporate-nat', CORPORATE_NAT, 'one company, hundreds of seats, one address'),
  original('university', UNIVERSITY, 'students and staff behind a few campus addresses'),
  original('ide-vendor', IDE_VENDOR, "programmers relayed by their editor's vendor"),
  original('reseller-pool', RESELLER_POOL, 'a load-balanced pool of accounts that only resells'),
  original('evaluation-harness', EVALUATION_HARNESS, 'teams that run one benchmark on the day of a launch'),
  original('batch-labelling', BATCH_LABELLING, 'a nightly job that labels thousands of messages'),
  original('classroom', CLASSROOM, 'a course that asks the same exercises in the same hour'),
  original('agent-framework', AGENT_FRAMEWORK, 'one system prompt and user agent over unrelated accounts'),
  original('ci-fleet', CI_FLEET, "one company's build machines"),
  original('prepaid-bin', PREPAID_BIN, 'unrelated people with prepaid cards of one issuer'),
  variant(
    'corporate-nat-one-by-one',
    { ...CORPORATE_NAT, seats: 200, signups: 'one_by_one' },
    'employees behind one address who sign up for themselves, one by one',
  ),
  variant(
    'corporate-nat-thousands',
    { ...CORPORATE_NAT, seats: 3_000, callsPerSeatPerDay: 5 },
    'one company, thousands of seats, one address',
  ),
  variant('university-many-egresses', { ...UNIVERSITY, addresses: 14 }, 'a university with many egress addresses'),
  variant('batch-labelling-many', { ...BATCH_LABELLING, accounts: 8 }, 'a nightly job over eight accounts of one card'),
  variant('ci-fleet-undeclared', { ...CI_FLEET, declared: false }, 'build machines that share a card and say nothing'),
  variant('classroom-large', { ...CLASSROOM, students: 150, lessonHour: 9 }, 'a lecture hall in one hour'),
  variant('judge-startup', COMPANY_APPLICATION, 'a company that grades answers by a rubric'),
  variant(
    'synthetic-data-startup',
    { ...COMPANY_APPLICATION, name: 'synthetic_data_startup', purpose: 'synthetic_data' },
    'a company that makes synthetic data and says so',
  ),
  variant(
    'tutor',
    { ...COMPANY_APPLICATION, name: 'tutor', purpose: 'tutor' },
    'a tutor that shows its pupils every step',
  ),
  variant(
    'retrieval-application',
    { ...COMPANY_APPLICATION, name: 'retrieval_application', purpose: 'retrieval' },
    'an assistant that rewords each question to look it up',
  ),
  variant(
    'heavy-application',
    { ...COMPANY_APPLICATION, name: 'heavy_application', purpose: 'application', callsPerAccountPerDay: 900 },
    'one busy application with a few templates',
  ),
];

function scaled(count: number, scale: number): number {
  return Math.max(1, Math.round(count * scale));
}

/** The same actor with more or fewer accounts. */
export function resize(spec: HardNegativeSpec, scale: number): HardNegativeSpec {
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
    case 'company_application':
      return { ...spec, accounts: scaled(spec.accounts, scale) };
  }
}

/** A reseller one of whose customers harvests through accounts of his own. Those are a campaign, the pool's others are not. */
export function harvestedReseller(share: number): ResellerPoolSpec {
  return {
    ...RESELLER_POOL,
    accounts: 120,
    people: 600,
    harvest: { share, campaign: { ...CAMPAIGN, camouflageShare: 0, templatesPerKind: 2 } },
  };
}
