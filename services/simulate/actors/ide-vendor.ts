import { tlsFingerprint } from '../clients.ts';
import { hostingEndpoint } from '../network.ts';
import type { Random } from '../random.ts';
import { drawShape, drawWork } from '../work.ts';
import type { Actor, World } from '../world.ts';
import { buildGroup } from './group.ts';

/** Programmers with keys of their own whose editor's vendor relays them: one system prompt, one tool set, one client, few addresses. */
export interface IdeVendorSpec {
  type: 'ide_vendor';
  users: number;
  addresses: number;
}

export const IDE_VENDOR: IdeVendorSpec = { type: 'ide_vendor', users: 250, addresses: 6 };

export function buildIdeVendor(spec: IdeVendorSpec, world: World, random: Random): Actor {
  const shared = random.fork('vendor');
  const egress = Array.from({ length: spec.addresses }, () => hostingEndpoint(shared));
  const client = { user_agent: 'Quill/2.14.0', tls_fingerprint: tlsFingerprint('quill relay rustls') };
  const systemPromptHash = shared.hex(16);
  const toolsHash = shared.hex(16);
  const { temperature, maxTokens } = drawShape(shared, 'code');
  return buildGroup(
    {
      name: spec.type,
      members: spec.users,
      plan: 'pay_as_you_go',
      meanAgeDays: 120,
      member: (own, _index, _account, country) => ({
        category: 'code',
        callsPerDay: 4 * 20 ** own.next(),
        endpoints: [own.pick(egress), own.pick(egress)],
        client,
        work: drawWork(own, world.prompts, 'code', country.chinese).map(({ prompt, shape }) => ({
          prompt,
          shape: { ...shape, systemPromptHash, toolsHash, toolCalls: 1.2, temperature, maxTokens },
        })),
      }),
    },
    world,
    random,
  );
}
