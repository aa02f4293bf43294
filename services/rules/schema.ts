import { z } from 'zod';
import { type DeclaredSignature, thresholdSchema, type WrittenThresholds } from './thresholds.ts';

export const MODES = ['on', 'shadow', 'off'] as const;
export const ALLOW_KINDS = ['account', 'cluster', 'organization', 'asn', 'attribute'] as const;

export const allowEntry = z
  .strictObject({
    kind: z.enum(ALLOW_KINDS),
    value: z.string().min(1).meta({
      description:
        'The id; for an asn its number, AS64500; for an attribute its kind and its value as the alert shows it, egress_network:192.0.2.0/24.',
    }),
    owner: z.string().min(1).meta({ description: 'Who answers for this exception.' }),
    reason: z.string().min(1).meta({ description: 'Why it is none of our business.' }),
    expires: z.iso
      .date()
      .meta({ description: 'The day (UTC) on which it ends: from its first second on it is not in force.' }),
  })
  .superRefine(({ kind, value }, { addIssue }) => {
    const wrong = (message: string): void =>
      addIssue({ code: 'custom', path: ['value'], message: `${message}; found ${value}` });
    if (kind === 'asn' && !/^(AS)?\d{1,10}$/i.test(value)) wrong('expected an AS number such as AS64500');
    if (kind === 'attribute' && !/^[a-z_]+:./.test(value))
      wrong("expected the attribute's kind and its value as the alert shows it, such as egress_network:192.0.2.0/24");
  });
const share = z.number().min(0).max(1);
/** Never negative: no evidence may speak for innocence, or an attacker would produce it. */
const weight = z.number().min(0);
const confidence = z.strictObject({
  intercept: z.number(),
  structure: weight,
  enumeration: weight,
  product: weight,
  capability: weight,
  access: weight,
  novelty: weight,
  harvest: weight,
  sweep: weight,
});
export const alertSettings = z.strictObject({
  page_from: share.meta({ description: 'Confidence from which harvesting pages.' }),
  ticket_from: share.meta({ description: 'Confidence from which harvesting makes a ticket.' }),
  least_cluster_accounts: z.int().min(2).meta({ description: 'Accounts below which nothing is said of a cluster.' }),
  least_calls: z.int().min(1).meta({ description: 'Calls in the rolling window below which nothing is said.' }),
  single_account_calls: z
    .int()
    .min(1)
    .meta({ description: 'Calls in an hour below which a single account never pages.' }),
  resolve_after_quiet_hours: z.int().min(1).meta({ description: 'Hours without cause after which an alert resolves.' }),
  runbooks: z.url().meta({ description: 'Folder of the runbooks; alerts link to <verdict>.md in it.' }),
});

/** Keys of the sections that are the same for every build. */
export const SECTION_KEYS: Readonly<Record<string, readonly string[]>> = {
  version: [],
  signatures: [],
  confidence: Object.keys(confidence.shape),
  alerts: Object.keys(alertSettings.shape),
  allow: Object.keys(allowEntry.shape),
};

/** An exception: who never alerts, who answers for it, why, and until when. */
export type AllowEntry = z.infer<typeof allowEntry>;

export interface SignatureRule {
  mode: (typeof MODES)[number];
  thresholds: WrittenThresholds;
}

export interface RulesFile {
  version: 1;
  /** A signature that is left out is off. */
  signatures: Record<string, SignatureRule | undefined>;
  confidence: z.infer<typeof confidence>;
  alerts: z.infer<typeof alertSettings>;
  allow: AllowEntry[];
}

/** The rules, and the hash that names them on every alert. */
export interface Rules extends RulesFile {
  hash: string;
}

/** The shape of the file, with the names that the signatures themselves declare: a name that nobody reads is a mistake. */
export function rulesSchema(
  signatures: readonly DeclaredSignature[],
  placedFeatures: ReadonlySet<string>,
): z.ZodType<RulesFile> {
  const thresholdsOf = ({ thresholds }: DeclaredSignature) =>
    z.strictObject(
      Object.fromEntries(thresholds.map((name) => [name, thresholdSchema(name, placedFeatures.has(name))])),
    );
  const rules = Object.fromEntries(
    signatures.map((signature) => [
      signature.name,
      z
        .strictObject({
          mode: z.enum(MODES).meta({ description: 'on: counts; shadow: scored and stored, never alerts; off.' }),
          thresholds: thresholdsOf(signature),
        })
        .optional(),
    ]),
  );
  return z.strictObject({
    version: z.literal(1),
    signatures: z.strictObject(rules),
    confidence,
    alerts: alertSettings,
    allow: z.array(allowEntry).default([]),
  });
}
