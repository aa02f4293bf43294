import type { QuietHours, RouteConfig } from '../platform/config/notify-schema.ts';
import type { Alert, AlertEvent } from '../records/alert.ts';
import { quietHoursAt } from './quiet-hours.ts';
import { isRouted } from './routing.ts';
import type { Told } from './targets/target.ts';

/** What is to be done with a message. */
export type Decision = 'send' | 'hold' | 'skip';

export interface Policy {
  target: string;
  routes: readonly RouteConfig[];
  quietHours: readonly QuietHours[];
  /** Whether somebody asked not to be told of it for now. */
  isSilenced(alert: Alert, now: number): boolean;
}

export interface Held {
  event: AlertEvent;
  offset: bigint;
}

interface Entry {
  /** Offset of the first message that concerned the target. */
  since: bigint;
  told: Told | null;
  /** The latest revision, kept for the end of the quiet hours or of a silence. */
  held: Held | null;
  /** Offsets of ends that were held and overtaken by a new beginning: the target was never told of them. */
  overtaken: bigint[];
}

/** Held messages of one lane, so that their offsets fit into 4,096 bytes of offset metadata. The oldest above it is told at once. */
export const MOST_HELD = 200;

/** Offsets of overtaken ends that a checkpoint has room for: an alert that ends and begins again within one night is rare. */
const MOST_OVERTAKEN = 50;

/**
 * What one target knows of the open alerts of one partition: who was told of an alert is told of all that follows, its end included, wherever it would be
 * routed by then. Held back is only the latest revision: it says all that the earlier ones said.
 *
 *   unknown --routed--> known, told <--------> known, held
 *      ^                   | quiet hours, silence  |
 *      +-- resolved: told -+-----------------------+
 *
 * A silence holds back no end of what was told: an incident would stay open until the silence ends.
 *
 * A restart makes it again from the topic: `checkpoint` says from which offset on, and which of the messages since then are still held.
 */
export class Ledger {
  readonly #policy: Policy;
  readonly #entries = new Map<string, Entry>();

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  decide({ alert }: AlertEvent, now: number): Decision {
    const { target, routes } = this.#policy;
    if (!this.#entries.has(alert.alert_id) && !isRouted(routes, target, alert)) return 'skip';
    return this.#isQuiet(alert, now) ? 'hold' : 'send';
  }

  told(alertId: string): Told | null {
    return this.#entries.get(alertId)?.told ?? null;
  }

  hold(event: AlertEvent, offset: bigint): void {
    const entry = this.#entryOf(event, offset);
    this.#overtake(entry, offset);
    entry.held = { event, offset };
  }

  /** `delivered`: the target took it; else it was given up, and the target knows what it knew. */
  settle(event: AlertEvent, offset: bigint, delivered: boolean): void {
    const { alert } = event;
    const entry = this.#entryOf(event, offset);
    this.#overtake(entry, offset);
    entry.held = null;
    if (delivered) entry.told = { severity: alert.severity, verdict: alert.verdict };
    if (alert.status === 'resolved') this.#entries.delete(alert.alert_id);
  }

  /** A message from before the restart, in its order: nothing is sent. */
  replay(event: AlertEvent, offset: bigint, { held, overtaken }: Checkpoint): void {
    const waiting = held.find((each) => each.offset === offset);
    if (overtaken.includes(offset)) this.#entryOf(event, offset).overtaken.push(offset);
    else if (waiting !== undefined) {
      this.hold(event, offset);
      // Of the revisions before it some were held as well, and overtaken: nobody was told of those.
      this.#entryOf(event, offset).told = waiting.told;
    } else if (
      this.#entries.has(event.alert.alert_id) ||
      isRouted(this.#policy.routes, this.#policy.target, event.alert)
    )
      this.settle(event, offset, true);
  }

  /** The held messages whose quiet hours or silences are over, oldest first. */
  due(now: number): Held[] {
    const held = this.#held();
    const excess = held.length - MOST_HELD;
    return held.filter(({ event }, index) => index < excess || !this.#isQuiet(event.alert, now));
  }

  counts(): { known: number; held: number } {
    return { known: this.#entries.size, held: this.#held().length };
  }

  checkpoint(position: bigint): Checkpoint {
    let from = position;
    for (const { since } of this.#entries.values()) if (since < from) from = since;
    const overtaken = [...this.#entries.values()].flatMap((entry) => entry.overtaken);
    const held = this.#held().map(({ event, offset }) => ({ offset, told: this.told(event.alert.alert_id) }));
    return { from, held, overtaken: overtaken.slice(-MOST_OVERTAKEN) };
  }

  #entryOf({ alert }: AlertEvent, offset: bigint): Entry {
    const known = this.#entries.get(alert.alert_id);
    if (known !== undefined) return known;
    const entry: Entry = { since: offset, told: null, held: null, overtaken: [] };
    this.#entries.set(alert.alert_id, entry);
    return entry;
  }

  #overtake({ held, overtaken }: Entry, offset: bigint): void {
    if (held !== null && held.offset < offset && held.event.alert.status === 'resolved') overtaken.push(held.offset);
  }

  #held(): Held[] {
    return [...this.#entries.values()]
      .flatMap(({ held }) => (held === null ? [] : [held]))
      .sort((a, b) => (a.offset < b.offset ? -1 : 1));
  }

  #isQuiet(alert: Alert, now: number): boolean {
    const { quietHours, target, isSilenced } = this.#policy;
    if (quietHoursAt(quietHours, target, alert.severity, now) !== null) return true;
    const endsWhatWasTold = alert.status === 'resolved' && this.told(alert.alert_id) !== null;
    return !endsWhatWasTold && isSilenced(alert, now);
  }
}

/** Kept as the metadata of the committed offset, so that it changes with the offset or not at all. */
export interface Checkpoint {
  /** Reading begins here. */
  from: bigint;
  /** Offsets, before the committed one, of what is still held, and what the target was told of that alert before. */
  held: readonly { offset: bigint; told: Told | null }[];
  /** Of ends that the target was never told of, because the alert began again. */
  overtaken: readonly bigint[];
}

/** One digit for each, its place here: only added to. */
const TOLD: readonly (Told | null)[] = [
  null,
  { severity: 'page', verdict: 'harvesting' },
  { severity: 'ticket', verdict: 'harvesting' },
  { severity: 'info', verdict: 'harvesting' },
  { severity: 'page', verdict: 'coordinated_pool' },
  { severity: 'ticket', verdict: 'coordinated_pool' },
  { severity: 'info', verdict: 'coordinated_pool' },
];

export function encodeCheckpoint({ from, held, overtaken }: Checkpoint): string {
  const written = (offsets: readonly bigint[]): string =>
    offsets.map((offset) => (offset - from).toString(36)).join(' ');
  const place = ({ told }: Checkpoint['held'][number]): number =>
    TOLD.findIndex((each) => each?.severity === told?.severity && each?.verdict === told?.verdict);
  return JSON.stringify({
    from: from.toString(),
    held: written(held.map(({ offset }) => offset)),
    told: held.map(place).join(''),
    overtaken: written(overtaken),
  });
}

export function decodeCheckpoint(text: string): Checkpoint {
  const { from, held, told, overtaken }: Record<'from' | 'held' | 'overtaken', string> & { told?: string } =
    JSON.parse(text);
  const read = (offsets: string): bigint[] =>
    offsets === '' ? [] : offsets.split(' ').map((part) => BigInt(from) + BigInt(Number.parseInt(part, 36)));
  return {
    from: BigInt(from),
    held: read(held).map((offset, index) => ({ offset, told: TOLD[Number(told?.[index])] ?? null })),
    overtaken: read(overtaken),
  };
}
