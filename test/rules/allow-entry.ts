import type { AllowEntry } from '../../services/rules/schema.ts';

/** An exception, with whatever it needs besides. */
export const entry = (kind: AllowEntry['kind'], value: string, expires = '2026-12-31'): AllowEntry => ({
  kind,
  value,
  owner: 'o',
  reason: 'r',
  expires,
});
