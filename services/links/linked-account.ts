import type { LinkKind } from '../records/link-observation.ts';
import { MINUTE } from '../records/window.ts';
import { byteRows, type RowReader, type RowWriter } from '../stream/row-bytes.ts';
import { DEFAULT_LINK_SETTINGS } from './settings.ts';

/** What is known of an account's links. Plain data. */
export interface LinkedAccount {
  /** Its place in the order in which accounts became known: what attributes hold of it. */
  readonly number: number;
  /** Partition of its windows; null until it calls. */
  partition: number | null;
  /** Organization that it declares to belong to. */
  organization: string | null;
  /** Latest sighting by kind and value, latest last. Each kind has room of its own: an account with many prompts must not lose its payment for them. */
  sightings: Map<LinkKind, Map<string, number>>;
  /** Five-minute bins by template, ascending: kept here and not as attributes, so that a bin costs a number. */
  bins: Map<string, number[]>;
  /** Addresses and networks from which it both signed up and called, at any time: not forgotten with the sightings, since people go on holiday. */
  home: Set<string>;
  version: number;
  /** Cluster last told, so that only changes are told. */
  told: string | null;
  /** Day at whose end its oldest sightings are looked at. */
  checkAt: number | null;
}

// Each is a kind of the settings, as its type says; Object.keys forgets it.
const KINDS = Object.keys(DEFAULT_LINK_SETTINGS.kinds) as LinkKind[];
const PLACES: ReadonlyMap<LinkKind, number> = new Map(KINDS.map((kind, place) => [kind, place]));

const PARTITION = 1;
const ORGANIZATION = 2;
const TOLD = 4;
const CHECK = 8;

/** Times are differences to the one before, in minutes where that is exact: a byte or two instead of six. */
export const ACCOUNT_ROWS = byteRows<LinkedAccount>(`account 2 ${KINDS.join(' ')}`, writeAccount, readAccount);

function writeAccount(row: RowWriter, account: LinkedAccount): void {
  const { number, partition, organization, version, told, checkAt } = account;
  row.number(number);
  row.byte(
    (partition === null ? 0 : PARTITION) |
      (organization === null ? 0 : ORGANIZATION) |
      (told === null ? 0 : TOLD) |
      (checkAt === null ? 0 : CHECK),
  );
  if (partition !== null) row.number(partition);
  if (organization !== null) row.string(organization);
  if (told !== null) row.string(told);
  row.number(version);
  if (checkAt !== null) row.signed(checkAt);
  row.number(account.sightings.size);
  let before = 0;
  for (const [kind, values] of account.sightings) {
    row.byte(PLACES.get(kind) ?? KINDS.length);
    row.number(values.size);
    for (const [value, at] of values) {
      row.string(value);
      writeTime(row, at - before);
      before = at;
    }
  }
  row.number(account.bins.size);
  for (const [template, bins] of account.bins) {
    row.string(template);
    writeBins(row, bins);
  }
  row.number(account.home.size);
  for (const value of account.home) row.string(value);
}

function readAccount(row: RowReader): LinkedAccount {
  const number = row.number();
  const flags = row.byte();
  const partition = (flags & PARTITION) === 0 ? null : row.number();
  const organization = (flags & ORGANIZATION) === 0 ? null : row.string();
  const told = (flags & TOLD) === 0 ? null : row.string();
  const version = row.number();
  const checkAt = (flags & CHECK) === 0 ? null : row.signed();
  const sightings: LinkedAccount['sightings'] = new Map();
  let before = 0;
  for (let left = row.number(); left > 0; left--) {
    const kind = KINDS[row.byte()];
    if (kind === undefined) throw new RangeError('an account was seen with an unknown kind of attribute');
    const values = new Map<string, number>();
    for (let ofKind = row.number(); ofKind > 0; ofKind--) {
      const value = row.string();
      before += readTime(row);
      values.set(value, before);
    }
    sightings.set(kind, values);
  }
  const bins: LinkedAccount['bins'] = new Map();
  for (let left = row.number(); left > 0; left--) {
    const template = row.string();
    bins.set(template, readBins(row));
  }
  const home = new Set<string>();
  for (let left = row.number(); left > 0; left--) home.add(row.string());
  return {
    number,
    partition,
    organization,
    sightings,
    bins,
    home,
    version,
    told,
    checkAt,
  };
}

function writeTime(row: RowWriter, difference: number): void {
  const inMinutes = difference % MINUTE === 0;
  const steps = inMinutes ? difference / MINUTE : difference;
  row.signed(2 * steps + (inMinutes ? 1 : 0));
}

function readTime(row: RowReader): number {
  const written = row.signed();
  const inMinutes = written % 2 !== 0;
  return inMinutes ? ((written - 1) / 2) * MINUTE : written / 2;
}

function writeBins(row: RowWriter, bins: readonly number[]): void {
  row.number(bins.length);
  let before = 0;
  for (const bin of bins) {
    row.signed(bin - before);
    before = bin;
  }
}

function readBins(row: RowReader): number[] {
  const bins: number[] = [];
  let before = 0;
  for (let left = row.number(); left > 0; left--) {
    before += row.signed();
    bins.push(before);
  }
  return bins;
}
