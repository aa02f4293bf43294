import { tlsFingerprint } from '../clients.ts';
import { companyDomain, drawCountry } from '../identity.ts';
import { hostingEndpoint } from '../network.ts';
import type { Random } from '../random.ts';
import { drawShape } from '../work.ts';
import type { Actor, World } from '../world.ts';
import { buildGroup } from './group.ts';

/** Service accounts of one company's build machines: bursts with every push, few templates, changing cloud addresses. */
export interface CiFleetSpec {
  type: 'ci_fleet';
  accounts: number;
  callsPerAccountPerDay: number;
  runners: number;
  /** false: no organization is given and the plan is an ordinary one; all there is in common is one card. */
  declared: boolean;
}

export const CI_FLEET: CiFleetSpec = {
  type: 'ci_fleet',
  accounts: 10,
  callsPerAccountPerDay: 120,
  runners: 30,
  declared: true,
};

export function buildCiFleet(spec: CiFleetSpec, world: World, random: Random): Actor {
  const shared = random.fork('company');
  const country = drawCountry(shared);
  const runners = Array.from({ length: spec.runners }, () => hostingEndpoint(shared));
  const organization = `org_${shared.hex(12)}`;
  const payment = `pay_${shared.hex(20)}`;
  const domain = companyDomain(shared);
  const created = world.start - (30 + shared.int(300)) * 86_400_000;
  const client = { user_agent: 'node', tls_fingerprint: tlsFingerprint('node-22') };
  const shape = { ...drawShape(shared, 'extract'), temperature: 0, maxTokens: 1024, input: { mu: 7.4, sigma: 0.8 } };
  const names = world.prompts.names({ use: 'ci', language: 'en' });
  return buildGroup(
    {
      name: spec.type,
      members: spec.accounts,
      plan: spec.declared ? 'enterprise' : 'pay_as_you_go',
      meanAgeDays: 200,
      country,
      share(account, own) {
        account.organization_id = spec.declared ? organization : null;
        account.payment_fingerprint = payment;
        account.email_domain = domain;
        account.created_at = created + own.int(10 * 60_000);
        account.updated_at = account.created_at;
      },
      member: (own) => ({
        category: 'extract',
        callsPerDay: spec.callsPerAccountPerDay * (0.4 + 1.2 * own.next()),
        endpoints: [own.pick(runners), own.pick(runners), own.pick(runners), own.pick(runners)],
        client,
        work: names.map((name) => ({ prompt: world.prompts.prompt(name, own, 1), shape })),
        rhythm: { interarrivalCv: 3, activeShare: 0.3, spellWindows: 2, hourProfile: 'day', weekendFactor: 0.2 },
      }),
    },
    world,
    random,
  );
}
