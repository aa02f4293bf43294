import type { LinkKind } from '../records/link-observation.ts';
import type { AttributeIndex } from './attribute-index.ts';
import type { AttributeWeights } from './attribute-weights.ts';
import type { LinkedAccount } from './linked-account.ts';
import { lockstepOf, sharedBins } from './lockstep.ts';
import type { EvidenceGroup, LinkSettings } from './settings.ts';

export interface SharedAttribute {
  kind: LinkKind;
  value: string;
  /** 0..1. */
  weight: number;
}

/** What two accounts have in common. */
export interface SharedEvidence {
  attributes: SharedAttribute[];
  /** They share an address at which people both sign up and call. */
  inPlace: boolean;
  /** In step at all hours of the day, and not by a timetable. */
  roundTheClock: boolean;
}

export interface PairEvidence extends SharedEvidence {
  strength: number;
  linked: boolean;
}

export interface EvidenceDeps {
  index: AttributeIndex;
  weights: AttributeWeights;
  settings: LinkSettings;
}

/** Kinds that say who somebody is. The issuer of a card (`payment_bin`) is too weak to count by itself. */
const WHO: readonly LinkKind[] = [
  'payment_fingerprint',
  'signup_device',
  'signup_ip',
  'signup_network',
  'signup_batch',
];

/** Without one of these in common, or being in step, two accounts are never linked, and nobody else is worth comparing with. */
export const DECISIVE: readonly LinkKind[] = [...WHO, 'work_queue'];

export const STRENGTH_STEPS = 20;
const NONE: PairEvidence = {
  attributes: [],
  inPlace: false,
  roundTheClock: false,

  strength: 0,
  linked: false,
};

/** The same whichever of the two is named first. `held`: they are linked now. */
export function pairEvidence(a: string, b: string, held: boolean, deps: EvidenceDeps): PairEvidence {
  const { index, settings } = deps;
  const mine = index.known(a);
  const theirs = index.known(b);
  if (mine === undefined || theirs === undefined || declared(mine, theirs)) return NONE;
  const { attributes, inPlace } = sharedAttributes(mine, theirs, () => true, deps);
  const templates = attributes.flatMap(({ kind, value }) => (kind === 'template' ? value : []));
  const lockstep =
    templates.length === 0
      ? null
      : lockstepOf(mine.bins, theirs.bins, templates.sort(), {
          ...settings.lockstep,
          deviations: settings.lockstep.deviations * (held ? settings.hold : 1),
        });
  if (lockstep !== null) {
    const weight = lockstep.roundTheClock ? settings.lockstep.roundTheClock.weight : settings.kinds.lockstep.base;
    attributes.push({
      kind: 'lockstep',
      value: `${lockstep.shared} five-minute bins, ${lockstep.expected.toFixed(1)} by chance`,
      weight,
    });
  }
  const shared: SharedEvidence = { attributes, inPlace, roundTheClock: lockstep?.roundTheClock ?? false };
  return { ...shared, ...weigh(shared, held, settings) };
}

/** Whether two accounts are linked by who they are: what they do, and when, does not count, nor is it looked at, which is most of what is known of them. */
export function areAcquainted(mine: LinkedAccount, theirs: LinkedAccount, deps: EvidenceDeps): boolean {
  const { settings } = deps;
  if (declared(mine, theirs)) return false;
  if (!WHO.some((kind) => share(kind, mine, theirs))) return false;
  // One card mostly says it all, and is one look where the rest is a hundred.
  const byCard = sharedAttributes(mine, theirs, (kind) => kind === 'payment_fingerprint', deps);
  if (weigh({ ...byCard, roundTheClock: false }, true, settings).linked) return true;
  const shared = sharedAttributes(mine, theirs, (kind) => settings.kinds[kind].group !== 'synchrony', deps);
  return weigh({ ...shared, roundTheClock: false }, true, settings).linked;
}

/** Attributes of these kinds that two accounts share and that weigh anything. */
function sharedAttributes(
  mine: LinkedAccount,
  theirs: LinkedAccount,
  counts: (kind: LinkKind) => boolean,
  { weights, settings }: EvidenceDeps,
): Pick<SharedEvidence, 'attributes' | 'inPlace'> {
  const attributes: SharedAttribute[] = [];
  let inPlace = false;
  for (const [kind, values] of mine.sightings) {
    const others = theirs.sightings.get(kind);
    if (others === undefined || !counts(kind)) continue;
    const { registration, lifetime } = settings.kinds[kind];
    const [fewer, more] = values.size <= others.size ? [values, others] : [others, values];
    for (const [value, at] of fewer) {
      const otherAt = more.get(value);
      if (otherAt === undefined || (registration && Math.abs(at - otherAt) > lifetime)) continue;
      const { weight, isPlace } = weights.of(kind, value);
      if (isPlace) inPlace = true;
      if (weight > 0) attributes.push({ kind, value, weight });
    }
  }
  return { attributes, inPlace };
}

/**
 * Whether `pairEvidence` could find two accounts linked that are not: they share a value of a kind that says who, or a queue, or enough bins to be in step round
 * the clock. Hundreds of pairs an account are looked at for being in step, and nearly all end here.
 */
export function couldLink(a: string, b: string, { index, settings }: EvidenceDeps): boolean {
  const mine = index.known(a);
  const theirs = index.known(b);
  if (mine === undefined || theirs === undefined) return false;
  return (
    DECISIVE.some((kind) => share(kind, mine, theirs)) ||
    sharedBins(mine.bins, theirs.bins) >= settings.lockstep.roundTheClock.bins
  );
}

/** A queue that both draw on links them by itself, as long as it is remembered of both. */
export function drawOnOneQueue(a: string, b: string, { index, weights }: EvidenceDeps): boolean {
  const mine = index.known(a);
  const theirs = index.known(b);
  if (mine === undefined || theirs === undefined || declared(mine, theirs)) return false;
  return share('work_queue', mine, theirs, (queue) => weights.of('work_queue', queue).weight > 0);
}

/** Whether both hold a value that counts. Asked of hundreds of pairs an account: makes nothing. */
function share(
  kind: LinkKind,
  mine: LinkedAccount,
  theirs: LinkedAccount,
  counts: (value: string) => boolean = () => true,
): boolean {
  const others = theirs.sightings.get(kind);
  if (others === undefined) return false;
  for (const value of mine.sightings.get(kind)?.keys() ?? []) if (others.has(value) && counts(value)) return true;
  return false;
}

/** An organization that is named on both accounts is a declared relation, with its payment, addresses and tools in common: nothing hidden to find. */
function declared(a: LinkedAccount, b: LinkedAccount): boolean {
  return a.organization !== null && a.organization === b.organization;
}

/**
 * Groups are independent and add up; inside a group only the strongest counts, since its kinds come together. Two kinds of evidence link only when one
 * says WHO (payment, sign-up), or when they are in step round the clock: the same place, application and time are what any innocent crowd shares. One
 * queue is what and when at once, and links by itself.
 */
export function weigh(
  { attributes, inPlace, roundTheClock }: SharedEvidence,
  held: boolean,
  settings: LinkSettings,
): { strength: number; linked: boolean } {
  const { kinds } = settings;
  const scale = held ? settings.hold : 1;
  const groupCountsAt = settings.groupCountsAt * scale;
  const aloneAt = settings.aloneAt * scale;
  const linkAt = settings.linkAt * scale;
  const groups = new Map<EvidenceGroup, number>();
  let alone = attributes.some(({ kind, weight }) => kind === 'work_queue' && weight > 0);
  for (const { kind, weight } of attributes) {
    // People of one place sign up there, at the same time when a course begins, and at its machines: the place explains it.
    const group = inPlace && kinds[kind].group === 'signup' ? 'network' : kinds[kind].group;
    groups.set(group, Math.max(groups.get(group) ?? 0, weight));
    if (weight >= aloneAt && (kind === 'payment_fingerprint' || (kind === 'signup_device' && !inPlace))) alone = true;
  }
  // In steps, so that a neighbour more or less does not make every link of a component another one. Sorted: a float sum depends on the order.
  const sum = [...groups.values()].sort((a, b) => b - a).reduce((total, weight) => total + weight, 0);
  const strength = Math.round(sum * STRENGTH_STEPS) / STRENGTH_STEPS;
  const counts = (group: EvidenceGroup): boolean => (groups.get(group) ?? 0) >= groupCountsAt;
  const counting = [...groups.keys()].filter(counts).length;
  const who = counts('payment') || counts('signup');
  return { strength, linked: alone || (counting >= 2 && strength >= linkAt && (who || roundTheClock)) };
}
