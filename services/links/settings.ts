import type { LinkKind } from '../records/link-observation.ts';
import { DAY } from '../records/window.ts';

/**
 * Kinds of evidence that can be had independently of each other. Client, request and content are one group on purpose: everybody who uses the same
 * application shares all three, and an application's users are not one actor.
 */
export type EvidenceGroup = 'payment' | 'signup' | 'network' | 'application' | 'synchrony';

export interface KindSettings {
  group: EvidenceGroup;
  /** Weight 0..1 when two accounts alone share the attribute. */
  base: number;
  /** Accounts beyond which the attribute says nothing of any of them: a NAT, a framework, a popular bin. It is then inert, and its links are taken back. */
  cap: number;
  /** How long a sighting counts, event milliseconds. */
  lifetime: number;
  /** Enough by itself while it is rare enough: nobody shares it by chance. */
  alone?: true;
}

export const LINK_KINDS: Readonly<Record<LinkKind, KindSettings>> = {
  // One card pays for one customer; a few dozen accounts on one card are one customer or one actor.
  payment_fingerprint: { group: 'payment', base: 1, cap: 2_000, lifetime: 90 * DAY, alone: true },
  // Names an issuer. It only tips a scale that is nearly there.
  payment_bin: { group: 'payment', base: 0.05, cap: 200, lifetime: 90 * DAY },
  signup_device: { group: 'signup', base: 0.9, cap: 1_000, lifetime: 90 * DAY, alone: true },
  // A household, an office or a carrier's NAT signs up from one address.
  signup_ip: { group: 'signup', base: 0.6, cap: 50, lifetime: 30 * DAY },
  signup_network: { group: 'signup', base: 0.45, cap: 100, lifetime: 30 * DAY },
  // Signed up within the hour from the same country on the same plan and mail domain: rare among few, certain among many.
  signup_batch: { group: 'signup', base: 0.4, cap: 60, lifetime: 30 * DAY },
  // A corporate NAT, a campus, an IDE vendor's egress have hundreds behind them; a harvesting proxy a few dozen.
  egress_ip: { group: 'network', base: 0.7, cap: 40, lifetime: 3 * DAY },
  egress_network: { group: 'network', base: 0.35, cap: 60, lifetime: 3 * DAY },
  client: { group: 'application', base: 0.35, cap: 150, lifetime: 3 * DAY },
  system_prompt: { group: 'application', base: 0.3, cap: 150, lifetime: 3 * DAY },
  tools: { group: 'application', base: 0.2, cap: 150, lifetime: 3 * DAY },
  sampling: { group: 'application', base: 0.1, cap: 100, lifetime: 3 * DAY },
  template: { group: 'application', base: 0.4, cap: 400, lifetime: 3 * DAY },
  // Weighed by how often, not by kind alone: see evidence.ts.
  lockstep: { group: 'synchrony', base: 0.8, cap: 60, lifetime: 2 * DAY },
};

/** Sum of the groups' weights from which two accounts are linked. */
export const LINK_AT = 1;
/** A second group counts as independent evidence from here on. */
export const GROUP_COUNTS_AT = 0.25;
/** A kind that is enough by itself links from here on: a payment fingerprint of up to 200 accounts, a signup device of up to 90. */
export const ALONE_AT = 0.54;
/** Shared bins below which being in step is chance: two accounts of 26 calls a day share 2.3 of 288 bins (research/detection.md). */
export const LEAST_SHARED_BINS = 6;
/** And they must be most of the bins in which the quieter of the two was active at all. */
export const LEAST_BIN_SHARE = 0.5;

/** Members of an attribute that a newcomer is compared with: the earliest and the latest, half each. Bounds the work for a shared attribute. */
export const COMPARED = 16;
/** Values of one kind remembered for an account, the latest ones. */
export const MOST_VALUES_OF_A_KIND = 48;
/** Kinds that link or unlink at the minute they are seen; the others are weighed with them, or at the end of the hour: they change all the time and rarely decide. */
export const DECIDES_AT_ONCE: ReadonlySet<EvidenceGroup> = new Set(['payment', 'signup', 'network']);
/** Two groups of at least this size do not become one over a single account. */
export const BLOCK_SIZE = 8;
/** Below this, linked accounts are a pair of colleagues, not a cluster. */
export const LEAST_CLUSTER = 3;
