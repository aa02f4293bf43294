import { z } from 'zod';
import { REPLACED_WITHIN, SEVERITIES } from './policy.ts';

const auditSchema = z.object({
  metadata: z.object({
    vulnerabilities: z.object({ critical: z.int(), high: z.int(), moderate: z.int(), low: z.int() }),
  }),
});

export interface AuditOutcome {
  says: string;
  fails: boolean;
}

/**
 * What `npm audit --json` printed, in a line. npm does not say since when a vulnerability is known, so days cannot be counted here: a critical or high one fails at
 * once, which is sooner than promised; others are named.
 */
export function auditOutcome(output: string): AuditOutcome {
  const counts = countsOf(output);
  if (counts === null)
    return {
      says: 'npm audit: the registry does not answer audits here; known vulnerabilities were NOT looked up',
      fails: false,
    };
  const found = SEVERITIES.map((severity) => {
    const count = counts[severity];
    return `${count} ${severity}${count === 0 ? '' : ` (to be replaced within ${REPLACED_WITHIN[severity]} days)`}`;
  });
  return { says: `npm audit: ${found.join(', ')}`, fails: counts.critical + counts.high > 0 };
}

/** Null when there was no answer. */
function countsOf(output: string): z.infer<typeof auditSchema>['metadata']['vulnerabilities'] | null {
  try {
    return auditSchema.parse(JSON.parse(output)).metadata.vulnerabilities;
  } catch {
    return null;
  }
}
