import type { SubjectType } from '../records/subject-window.ts';
import type { AllowEntry, Rules } from './schema.ts';

/** What the accounts of a cluster have in common, as an alert shows it. */
interface SharedAttribute {
  kind: string;
  attribute: string;
  accounts: number;
}

/** What is known of a subject when it is asked whether an exception covers it. */
export interface AllowSubject {
  type: SubjectType;
  id: string;
  /** Of a single account; a cluster has none of its own. */
  organization: string | null;
  /** Number of its accounts, and those that are known by name: all of them while there are few. */
  accountCount: number;
  accounts: readonly string[];
  evidence: readonly SharedAttribute[];
  /** AS numbers that its calls came from; empty when the AS of some call is not known. */
  asns: readonly string[];
}

/** Of the rules, what decides who is excepted. */
export interface Exceptions {
  allow: readonly AllowEntry[];
  alerts: Pick<Rules['alerts'], 'least_cluster_accounts'>;
}

export function isInForce({ expires }: AllowEntry, time: number): boolean {
  return time < Date.parse(expires);
}

/**
 * The exception that covers a subject at this event time, or null.
 *
 * An exception covers the whole of what it names and nothing beside it: one allowed account in a cluster, one call from an allowed network, one allowed
 * attribute among others must not be a way to hide. So a cluster is covered when all its accounts are, when all its calls came from allowed AS, or when
 * nothing but allowed attributes holds it together: all its other evidence joins fewer accounts than a cluster needs to be spoken of.
 */
export function coveringEntry(rules: Exceptions, subject: AllowSubject, time: number): AllowEntry | null {
  const inForce = rules.allow.filter((entry) => isInForce(entry, time));
  const of = (kind: AllowEntry['kind']): AllowEntry[] => inForce.filter((entry) => entry.kind === kind);
  const [first] = inForce;
  if (first === undefined) return null;
  return (
    of(subject.type).find(({ value }) => value === subject.id) ??
    of('organization').find(({ value }) => value === subject.organization) ??
    byAccounts(of('account'), subject) ??
    byAsn(of('asn'), subject) ??
    byAttribute(of('attribute'), subject, rules.alerts.least_cluster_accounts)
  );
}

function byAccounts(entries: readonly AllowEntry[], { accounts, accountCount }: AllowSubject): AllowEntry | null {
  if (accounts.length === 0 || accounts.length < accountCount) return null;
  const values = new Set(entries.map(({ value }) => value));
  return accounts.every((account) => values.has(account)) ? (entries[0] ?? null) : null;
}

function byAsn(entries: readonly AllowEntry[], { asns }: AllowSubject): AllowEntry | null {
  const values = new Set(entries.map(({ value }) => asnNumber(value)));
  return asns.length > 0 && asns.every((asn) => values.has(asn)) ? (entries[0] ?? null) : null;
}

function byAttribute(
  entries: readonly AllowEntry[],
  { type, evidence }: AllowSubject,
  leastAccounts: number,
): AllowEntry | null {
  const values = new Set(entries.map(({ value }) => value));
  const isNamed = ({ kind, attribute }: SharedAttribute): boolean => values.has(`${kind}:${attribute}`);
  if (type !== 'cluster' || !evidence.some(isNamed)) return null;
  const held = evidence.some((entry) => !isNamed(entry) && entry.accounts >= leastAccounts);
  return held ? null : (entries[0] ?? null);
}

function asnNumber(value: string): string {
  return value.replace(/^AS/i, '');
}

export interface AllowWarning {
  index: number;
  key: 'value' | 'expires';
  message: string;
}

/** Entries that are no longer in force at `time`, and attributes that are shown masked: others may look the same. */
export function allowWarnings(entries: readonly AllowEntry[], time: number): AllowWarning[] {
  return entries.flatMap((entry, index): AllowWarning[] => {
    const warnings: AllowWarning[] = [];
    if (!isInForce(entry, time))
      warnings.push({
        index,
        key: 'expires',
        message: `the exception for ${entry.kind} ${entry.value} ended on ${entry.expires}: ask ${entry.owner}, then renew or remove it`,
      });
    if (entry.kind === 'attribute' && entry.value.endsWith('…'))
      warnings.push({
        index,
        key: 'value',
        message: `${entry.value} is masked: every value that begins like it is covered too`,
      });
    return warnings;
  });
}
