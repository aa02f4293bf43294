import type { LinkKind } from '../records/link-observation.ts';
import { DAY, HOUR, MINUTE } from '../records/window.ts';

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
  work: WorkSettings;
  queue: QueueSettings;
  ring: RingSettings;
  company: CompanySettings;
  components: ComponentSettings;
  /** Accounts that share an attribute and are compared with a newcomer: the earliest and the latest, half each. Bounds the work. */
  compared: number;
  /** Accounts known. Who comes then is linked with nobody, and counted: a task has no memory for more. */
  mostAccounts: number;
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

/** Bounds of the record of who did what when. */
export interface WorkSettings {
  /** Accounts a day from which a template, band or shape is recorded. */
  noticedFrom: number;
  /** Templates, bands and shapes recorded at a time. */
  mostUnits: number;
  /** Accounts recorded for each: a sample, since it only has to tell whether it is a queue. */
  mostAccounts: number;
  /** The same once it is one. */
  mostAccountsOfQueue: number;
  /** Calls kept for an account and unit, the latest ones. */
  mostCalls: number;
  /** Fillings kept for a unit. */
  fillings: number;
  /** Milliseconds. */
  memory: number;
}

/** When work is taken to be one queue's: every condition must hold. Times in five-minute bins. */
export interface QueueSettings {
  /** Accounts that a unit must have in common with a bundle, */
  leastShared: number;
  /** and what share they must be of its own. */
  coreShare: number;
  /** Of the accounts that do the unit of a bundle's median call, so many do a unit that belongs to it. */
  leastTypical: number;
  /** Two units meet in so many accounts by chance, */
  leastMet: number;
  /** and in less than this share of it: then their crowds are two, and what ties them together is left out. One of 300 such pairs of one queue would be. */
  mostCommon: number;
  /** An account is judged from this time on after its first call. */
  settledAfter: number;
  leastAccounts: number;
  leastCalls: number;
  /** Pairs of calls in one hour to be expected: of users with 2.2 times as many (the least measured), one group in 20,000 is then below `mostSittings`. */
  leastPairs: number;
  leastSpan: number;
  /** Silent for so long, an account is gone. */
  goneAfter: number;
  /** Share of the accounts left out at either end when evenness is measured. */
  trimmed: number;
  /**
   * Squared coefficient of variation of the rates beyond chance. Users of one application have 1 and more (log-normal with sigma 1 to 2.7, ServeGen); every
   * dispatch of the simulator has less than 0.02. Ten users with sigma 1 pass 0.1 in one case of 300, with sigma 1.6 in none of 20,000.
   */
  mostUneven: number;
  mostSittings: number;
  /** Below this an account's calls are so regular that they need a common queue to explain them. */
  regularBelow: number;
  /** Spread of the pauses from which an account is no clock: intervals with a pause or two are at 0.2. */
  leastIrregular: number;
  leastRoundTheClock: number;
  /** Standard deviations from independence. */
  dependentFrom: number;
  /** Accounts that take turns (sticky sessions): they do come in sittings, so all else must be the stricter. */
  turns: {
    leastAccounts: number;
    /** Above this they keep daily hours. */
    mostDaily: number;
    /** Below this, calls inside a session keep their distance: the sessions are dealt to in turn. */
    spacedBelow: number;
    /** Else sessions must at least be no burst, */
    mostBursts: number;
    /** and make room for each other: variance of the sum, and standard deviations from independence. */
    mostSmooth: number;
    dependentFrom: number;
  };
  leastQuarter: number;
  mostTimetables: number;
  mostRepeated: number;
  leastCallsOfMember: number;
  /** How widely spread an account's calls are over the hours, against the median account's: below, it comes in sittings and is left out. */
  leastSpread: number;
  /** Share of the accounts that must be left. */
  leastOfKnown: number;
  /** How many of the units a member does, against the median account. */
  leastBreadth: number;
  /**
   * Share of all calls on the work that its accounts must have. Measured on prompts and customers that nothing here was tuned on: campaigns from 0.6 (young, half
   * camouflage) to 1, a pool that resells 0.3 to 0.7, users of one editor who happened to be even 0.13 to 0.18.
   */
  leastOwn: number;
}

/** When those who do the same work are taken to be one ring, and who keeps its company: every condition must hold. */
export interface RingSettings {
  leastAccounts: number;
  /** Share of the crowd that is linked with others of it by who they are. Set by reasoning, not swept: a team or household among users is a few of many. */
  leastShare: number;
  /**
   * Share of its five-minute bins in which an account does the work, to be counted among those acquainted. Measured: 0.03 to 0.06 where resold customers meet a
   * template that a pool also uses, 0.1 to 0.8 in a pool half of whose calls are camouflage.
   */
  leastOfWork: number;
  /** Calls of whoever keeps its company, */
  leastCalls: number;
  /** at most so many times those of the busiest of the ring: the owner of a popular template is no part of a pool, */
  busiest: number;
  /** units against the median of the ring, */
  leastBreadth: number;
  /** or as many calls a unit where it has few, */
  callsAUnit: number;
  /** and, of the share of its five-minute bins that the median member spends on the work, so much. */
  leastOfBins: number;
  /** Share of all calls on the work that the ring must have: more than a queue, since no evenness is asked for. */
  leastOwn: number;
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

const hours = (count: number): number => (count * HOUR) / (5 * MINUTE);

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
    // What a template looks like without text. Many applications look alike.
    shape: behaviour('application', 0.25, 60),
    // A reworded template is the same application; a band is also met by chance.
    template_band: behaviour('application', 0.3, 150),
    // Never seen as an attribute: it becomes template bands and queues.
    work: behaviour('application', 0, 0),
    // Not weighed by degree: a queue of thousands is no weaker than one of ten, and how it was found out says what it is worth. Found anew every six hours.
    work_queue: behaviour('synchrony', 0.6, 50_000, 1.5 * DAY),
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
  work: {
    noticedFrom: 6,
    mostUnits: 20_000,
    mostAccounts: 512,
    mostAccountsOfQueue: 50_000,
    mostCalls: 288,
    fillings: 48,
    memory: 3 * DAY,
  },
  queue: {
    leastShared: 5,
    coreShare: 0.6,
    leastTypical: 0.5,
    leastMet: 10,
    mostCommon: 0.25,
    settledAfter: hours(12),
    leastAccounts: 10,
    leastCalls: 120,
    leastPairs: 60,
    leastSpan: hours(20),
    goneAfter: hours(18),
    trimmed: 0.05,
    mostUneven: 0.1,
    mostSittings: 1.4,
    regularBelow: 0.7,
    leastIrregular: 0.35,
    leastRoundTheClock: 0.7,
    dependentFrom: 2.5,
    turns: {
      leastAccounts: 12,
      mostDaily: 1.15,
      spacedBelow: 0.5,
      mostBursts: 1.3,
      mostSmooth: 0.5,
      dependentFrom: 1.5,
    },
    leastQuarter: 0.35,
    mostTimetables: 0.2,
    mostRepeated: 0.25,
    leastCallsOfMember: 5,
    leastSpread: 0.7,
    leastOfKnown: 0.65,
    leastBreadth: 0.6,
    leastOwn: 0.25,
  },
  ring: {
    leastAccounts: 10,
    leastShare: 0.5,
    leastOfWork: 0.1,
    leastCalls: 3,
    busiest: 2,
    leastBreadth: 0.6,
    callsAUnit: 4,
    leastOfBins: 0.7,
    leastOwn: 0.45,
  },
  company: { share: 0.6, least: 5 },
  components: { block: 8, oversized: 500 },
  compared: 16,
  mostAccounts: 5_000_000,
  mostValues: 48,
  leastCluster: 3,
};
