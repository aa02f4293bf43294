import type { LinkKind } from '../records/link-observation.ts';
import { DAY } from '../records/window.ts';

/**
 * Kinds of evidence that can be had independently of each other. `payment` and `signup` say WHO, `network` WHERE, `application` WHAT, `synchrony` WHEN.
 * Client, request and content are one group on purpose: everybody who uses the same application shares all three.
 */
export type EvidenceGroup = 'payment' | 'signup' | 'network' | 'application' | 'synchrony';

export interface KindSettings {
  group: EvidenceGroup;
  /** Weight 0..1 when only two accounts share the attribute. */
  base: number;
  /** Accounts beyond which the attribute says nothing of any of them. It is then inert, and links that it made are taken back. */
  cap: number;
  /** Milliseconds. Behaviour: how long a sighting counts. Registration: how far apart two sightings may be and still count. */
  lifetime: number;
  /** Part of the account's registration: it stays true until the account is removed, so it does not expire. */
  registration: boolean;
}

/** Every threshold of the step, in one place. Why each rule is as it is: README.md. The figures are hypotheses set on simulated traffic. */
export interface LinkSettings {
  kinds: Readonly<Record<LinkKind, KindSettings>>;
  /** Sum of the groups' weights from which two accounts are linked. */
  linkAt: number;
  /** A group counts as a kind of evidence of its own from here on. */
  groupCountsAt: number;
  /** A shared payment fingerprint or signup device links alone from here on: up to some 20 accounts on one card, 17 on one device. */
  aloneAt: number;
  /** Share of the thresholds that an existing link or attachment must still reach: a pair near a threshold must not come and go. */
  hold: number;
  /** Share of the accounts on an address which both signed up and call there, from which it is a place where people are. */
  placeFrom: number;
  batch: BatchSettings;
  lockstep: LockstepSettings;
  company: CompanySettings;
  components: ComponentSettings;
  /** Accounts that share an attribute and are compared with a newcomer: the earliest and the latest, half each. Bounds the work. */
  compared: number;
  /** Values of one kind remembered for an account, the latest ones. */
  mostValues: number;
  /** Smallest cluster: two linked accounts are a pair of colleagues or one person's second account. */
  leastCluster: number;
}

export interface BatchSettings {
  /** Fewest sign-ups alike in an hour. */
  least: number;
  /** Chance that as many come together by themselves, below which it is a batch: at some hundred kinds of sign-up an hour, about one false batch in four days. */
  chanceBelow: number;
}

export interface LockstepSettings {
  /** Five-minute bins shared on one template below which it is chance: two accounts of 26 calls a day share 2.3 of 288 (research/detection.md). */
  leastBins: number;
  /** Standard deviations by which the shared bins exceed what the two activities give by chance. */
  deviations: number;
  /** Round the clock: so many shared bins, in every quarter of the day, and at so many of the hour's twelve five-minute places (a timetable has one or two). */
  roundTheClock: { bins: number; quarters: number; places: number; weight: number };
  /** Bins remembered for a template of an account, the latest ones: all of two days. Fewer would make the chance of sharing look smaller than it is. */
  mostBins: number;
}

export interface CompanySettings {
  /** Share of an attribute's other holders that already belong to one cluster, */
  share: number;
  /** and how many they are at least. */
  least: number;
}

export interface ComponentSettings {
  /** Groups of at least this size are not joined by a single pair of accounts. */
  block: number;
  /** Accounts from which joining takes a pair for every `block` accounts of the smaller side. */
  oversized: number;
}

const registration = (group: EvidenceGroup, base: number, cap: number, lifetime: number): KindSettings => ({
  group,
  base,
  cap,
  lifetime,
  registration: true,
});
const behaviour = (group: EvidenceGroup, base: number, cap: number, lifetime = 3 * DAY): KindSettings => ({
  group,
  base,
  cap,
  lifetime,
  registration: false,
});

export const DEFAULT_LINK_SETTINGS: LinkSettings = {
  kinds: {
    // One card is one payer, a year later too. Hundreds on one card are a company's seats or a marketplace.
    payment_fingerprint: registration('payment', 1, 500, 365 * DAY),
    // Names an issuer, not a card: below groupCountsAt, so it never counts as a kind of its own, but adds to the payment's explanation.
    payment_bin: registration('payment', 0.1, 100, 30 * DAY),
    signup_device: registration('signup', 0.95, 200, 180 * DAY),
    // Addresses change hands: two sign-ups a season apart say nothing.
    signup_ip: registration('signup', 0.7, 50, 30 * DAY),
    signup_network: registration('signup', 0.5, 100, 7 * DAY),
    // Not weighed by degree but against the count to be expected: rarity.ts.
    signup_batch: registration('signup', 0.5, 200, DAY),
    // A NAT, a campus, an editor's relay have hundreds behind one address; a pool's proxy has dozens.
    egress_ip: behaviour('network', 0.6, 60),
    egress_network: behaviour('network', 0.35, 60),
    client: behaviour('application', 0.5, 150),
    system_prompt: behaviour('application', 0.4, 150),
    tools: behaviour('application', 0.3, 150),
    // Defaults of a library: below groupCountsAt.
    sampling: behaviour('application', 0.1, 100),
    template: behaviour('application', 0.4, 400),
    lockstep: behaviour('synchrony', 0.3, 400, 2 * DAY),
  },
  linkAt: 0.6,
  groupCountsAt: 0.2,
  aloneAt: 0.6,
  hold: 0.7,
  placeFrom: 0.2,
  batch: { least: 3, chanceBelow: 1e-4 },
  lockstep: {
    leastBins: 6,
    deviations: 4,
    roundTheClock: { bins: 16, quarters: 4, places: 6, weight: 0.6 },
    mostBins: 576,
  },
  company: { share: 0.6, least: 5 },
  components: { block: 8, oversized: 500 },
  compared: 16,
  mostValues: 48,
  leastCluster: 3,
};
