import type { FastifyInstance } from 'fastify';
import { messageOf } from '../../platform/errors.ts';
import type { RulesVersion } from '../../rules/version.ts';
import { routeSchema } from '../schema.ts';
import { type RulesAnswer, rulesAnswer, type ShownRules } from '../schemas/operation.ts';
import type { RuleStore } from '../stores/rule-store.ts';

/** Every version that was published, in the order in which they take over; rejects when Kafka does not answer. */
export type RuleVersions = () => Promise<RulesVersion[]>;

export function addRules(app: FastifyInstance, store: RuleStore, versions: RuleVersions | null): void {
  app.get(
    '/api/rules',
    {
      config: { tool: 'show_rules' },
      schema: routeSchema({
        summary: 'The published rules, what each signature found in the last seven days, and how many marks it stood',
        tags: ['operation'],
        answer: rulesAnswer,
      }),
    },
    async (): Promise<RulesAnswer> => {
      const [results, uses, precision, published] = await Promise.all([
        store.results(),
        store.uses(),
        store.precision(),
        publishedBy(versions),
      ]);
      return {
        results,
        uses,
        precision,
        versions: published.versions?.map(shown) ?? null,
        versions_error: published.error,
      };
    },
  );
}

/** Kafka away must not take away what ClickHouse knows: null then, and why. */
export async function publishedBy(
  versions: RuleVersions | null,
): Promise<{ versions: RulesVersion[]; error: null } | { versions: null; error: string }> {
  if (versions === null) return { versions: null, error: 'the console was started without Kafka' };
  try {
    return { versions: await versions(), error: null };
  } catch (error) {
    return { versions: null, error: messageOf(error) };
  }
}

function shown({ rules, effective_at, published_at, origin }: RulesVersion): ShownRules {
  const { hash, signatures, alerts, allow } = rules;
  return {
    hash,
    effective_at_ms: effective_at,
    published_at_ms: published_at,
    origin,
    signatures: Object.entries(signatures).map(([name, rule]) => ({
      name,
      mode: rule?.mode ?? 'off',
      thresholds: rule?.thresholds ?? {},
    })),
    alerts,
    allow,
  };
}
