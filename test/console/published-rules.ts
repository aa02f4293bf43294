import type { AllowEntry, Rules } from '../../services/rules/schema.ts';
import { initialVersion, type RulesVersion } from '../../services/rules/version.ts';
import { shippedRules } from '../support/shipped.ts';
import { END } from './seeded.ts';

export const EXCEPTION: AllowEntry = {
  kind: 'organization',
  value: 'org_campus',
  owner: 'trust@example.org',
  reason: 'a classroom',
  expires: '2099-12-31',
};

/** The rules of a file, and what a person applied after: one signature shadow, one with a threshold by percentile, one exception. */
export function publishedRules(): RulesVersion[] {
  const shipped = shippedRules();
  const { signatures } = shipped;
  const enumeration = signatures['template-enumeration'];
  const [name = ''] = Object.keys(enumeration?.thresholds ?? {}).filter((key) => !key.startsWith('least_'));
  const applied: Rules = {
    ...shipped,
    hash: 'r4bc01',
    allow: [EXCEPTION],
    signatures: {
      ...signatures,
      'template-enumeration': {
        mode: 'shadow',
        thresholds: { ...enumeration?.thresholds, [name]: { percentile: [95, 99.5], at_least: [0.1, 0.3] } },
      },
    },
  };
  return [
    initialVersion({ ...shipped, hash: 'r0001a' }),
    { rules: applied, effective_at: END - 20 * 3_600_000, published_at: END - 21 * 3_600_000, origin: 'operator' },
  ];
}
