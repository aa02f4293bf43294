import { DAY } from '../records/window.ts';
import { formatEntry } from '../rules/add-entry.ts';
import type { Exceptions } from '../rules/allow.ts';
import { hiddenBy } from '../rules/hidden-by.ts';
import type { AllowEntry } from '../rules/schema.ts';
import type { ExceptionPreview } from './schemas/exception.ts';
import type { ExceptionStore } from './stores/exception-store.ts';

/** An exception that nobody renews ends after so long. */
const LASTS = 90 * DAY;
/** Alerts that were updated before are not looked at, unless they are open. */
export const LOOKED_BACK = 30 * DAY;

/** Where the rules are not known: nothing else holds a cluster together, so that no alert is left out that might be hidden. */
const UNKNOWN: Exceptions = { allow: [], alerts: { least_cluster_accounts: Number.MAX_SAFE_INTEGER } };

/** What would have to be added to the rules. Owner and reason are for a person to fill in. */
export function draftEntry({ kind, value }: Pick<AllowEntry, 'kind' | 'value'>, now: number): AllowEntry {
  const expires = new Date(now + LASTS).toISOString().slice(0, 10);
  return { kind, value, owner: 'WHO ANSWERS FOR IT', reason: 'WHY', expires };
}

/** `rules`: those in force; null when they are not known. */
export async function previewException(
  named: Pick<AllowEntry, 'kind' | 'value'>,
  rules: Exceptions | null,
  store: ExceptionStore,
  now: number,
): Promise<ExceptionPreview> {
  const entry = draftEntry(named, now);
  const recent = await store.recent(now - LOOKED_BACK);
  const hidden = hiddenBy(entry, rules ?? UNKNOWN, recent, now);
  return {
    yaml: formatEntry(entry),
    hidden:
      hidden?.map(({ alert_id, status, severity, verdict, summary, updated_at_ms }) => ({
        alert_id,
        status,
        severity,
        verdict,
        summary,
        updated_at_ms,
      })) ?? null,
    looked_at: recent.length,
    rules_known: rules !== null,
  };
}
