import { drawClient } from '../clients.ts';
import { companyDomain, drawCountry } from '../identity.ts';
import { hostingEndpoint } from '../network.ts';
import type { BenignUse } from '../prompts/library.ts';
import type { Random } from '../random.ts';
import { type Category, drawShape, type RequestShape, type Work } from '../work.ts';
import type { Actor, World } from '../world.ts';
import { buildGroup } from './group.ts';

/** What an honest company's product asks, by itself hard to tell from harvesting: the company, its card and its steady customers are what differs. */
export type Purpose = 'judge' | 'synthetic_data' | 'tutor' | 'retrieval' | 'application';

/**
 * One company with a few service accounts and templates of its own: a startup that grades answers with a rubric, one that sells declared synthetic data, a tutor
 * that has its pupils shown every step, one whose assistant looks things up, or simply a heavy application.
 */
export interface CompanyApplicationSpec {
  type: 'company_application';
  /** In the truth. */
  name: string;
  purpose: Purpose;
  accounts: number;
  callsPerAccountPerDay: number;
}

export const COMPANY_APPLICATION: CompanyApplicationSpec = {
  type: 'company_application',
  name: 'judge_startup',
  purpose: 'judge',
  accounts: 6,
  callsPerAccountPerDay: 400,
};

const TRAITS: Readonly<
  Record<
    Purpose,
    { use: BenignUse; category: Category; shape: Partial<RequestShape>; hourProfile: 'flat' | 'day' | 'people' }
  >
> = {
  judge: {
    use: 'judge',
    category: 'extract',
    shape: { temperature: 0, maxTokens: 32, input: { mu: 7.1, sigma: 0.5 }, output: { mu: 1.6, sigma: 0.4 } },
    hourProfile: 'day',
  },
  synthetic_data: {
    use: 'synthetic_data',
    category: 'extract',
    shape: { temperature: 1, maxTokens: 2048, input: { mu: 5.6, sigma: 0.4 }, output: { mu: 6, sigma: 0.5 } },
    hourProfile: 'flat',
  },
  tutor: {
    use: 'tutor',
    category: 'chat',
    shape: { temperature: 0.3, maxTokens: 2048, input: { mu: 5.9, sigma: 0.6 }, output: { mu: 6.3, sigma: 0.5 } },
    hourProfile: 'people',
  },
  retrieval: { use: 'retrieval', category: 'rag', shape: {}, hourProfile: 'people' },
  application: { use: 'extract', category: 'extract', shape: {}, hourProfile: 'day' },
};

export function buildCompanyApplication(spec: CompanyApplicationSpec, world: World, random: Random): Actor {
  const shared = random.fork('company');
  const { use, category, shape: traits, hourProfile } = TRAITS[spec.purpose];
  const country = drawCountry(shared);
  const organization = `org_${shared.hex(12)}`;
  const payment = `pay_${shared.hex(20)}`;
  const domain = companyDomain(shared);
  const endpoints = [hostingEndpoint(shared), hostingEndpoint(shared)];
  const client = drawClient(shared, [
    ['python', 0.6],
    ['backend', 0.3],
    ['framework', 0.1],
  ]);
  const shape = { ...drawShape(shared, category), ...traits };
  const names = world.prompts.names({ use, language: 'en', popular: false });
  const first = shared.int(names.length);
  const work: Work[] = [0, 1].map((step) => ({
    prompt: world.prompts.prompt(names[(first + step) % names.length] ?? shared.pick(names), shared, 1.6),
    shape,
  }));
  return buildGroup(
    {
      name: spec.name,
      members: spec.accounts,
      plan: 'team',
      meanAgeDays: 200,
      country,
      share(account) {
        account.organization_id = organization;
        account.payment_fingerprint = payment;
        account.email_domain = domain;
      },
      member: (own) => ({
        category,
        callsPerDay: spec.callsPerAccountPerDay * (0.4 + 1.2 * own.next()),
        endpoints,
        client,
        work,
        rhythm: { activeShare: 0.7, spellWindows: 12, hourProfile, weekendFactor: 0.5 },
      }),
    },
    world,
    random,
  );
}
