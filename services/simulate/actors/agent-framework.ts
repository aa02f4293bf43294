import { tlsFingerprint } from '../clients.ts';
import type { Random } from '../random.ts';
import { drawShape } from '../work.ts';
import type { Actor, World } from '../world.ts';
import { buildGroup } from './group.ts';

/** A popular open-source agent: unrelated people everywhere with the same system prompt, tools, user agent and prompt scaffolding. */
export interface AgentFrameworkSpec {
  type: 'agent_framework';
  users: number;
}

export const AGENT_FRAMEWORK: AgentFrameworkSpec = { type: 'agent_framework', users: 150 };

export function buildAgentFramework(spec: AgentFrameworkSpec, world: World, random: Random): Actor {
  const shared = random.fork('framework');
  const client = { user_agent: 'OpenHands/0.29.1', tls_fingerprint: tlsFingerprint('openssl-3.2') };
  const systemPromptHash = shared.hex(16);
  const toolsHash = shared.hex(16);
  const names = world.prompts.names({ use: 'framework', language: 'en' });
  return buildGroup(
    {
      name: spec.type,
      members: spec.users,
      plan: 'pay_as_you_go',
      meanAgeDays: 120,
      member: (own) => {
        const shape = {
          ...drawShape(own, 'agent'),
          systemPromptHash,
          toolsHash,
          temperature: 0,
          maxTokens: 4096,
          toolCalls: 1.2,
        };
        return {
          category: 'agent',
          callsPerDay: 6 * 15 ** own.next(),
          client,
          work: names.map((name) => ({ prompt: world.prompts.prompt(name, own, 1), shape })),
        };
      },
    },
    world,
    random,
  );
}
