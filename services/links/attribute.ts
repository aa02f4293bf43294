import { byteRows, type RowReader, type RowWriter } from '../stream/row-bytes.ts';

/** Accounts that share an attribute. Plain data. */
export interface Attribute {
  /** How many hold it now. */
  degree: number;
  /** How many of them are at home there. */
  home: number;
  /** Numbers of those of them that came first, at most the kind's cap; empty while it is inert. */
  members: number[];
  inert: boolean;
}

const INERT = 1;
const ALL_ARE_MEMBERS = 2;
const SOME_AT_HOME = 4;

/** There are ten million of them, most with one member: five bytes. */
export const ATTRIBUTE_ROWS = byteRows<Attribute>('attribute 1', writeAttribute, readAttribute);

function writeAttribute(row: RowWriter, { degree, home, members, inert }: Attribute): void {
  const all = degree === members.length;
  row.byte((inert ? INERT : 0) | (all ? ALL_ARE_MEMBERS : 0) | (home > 0 ? SOME_AT_HOME : 0));
  if (!all) row.number(degree);
  if (home > 0) row.number(home);
  row.number(members.length);
  let before = 0;
  for (const [place, member] of members.entries()) {
    if (place === 0) row.number(member);
    else row.signed(member - before);
    before = member;
  }
}

function readAttribute(row: RowReader): Attribute {
  const flags = row.byte();
  const degree = (flags & ALL_ARE_MEMBERS) === 0 ? row.number() : null;
  const home = (flags & SOME_AT_HOME) === 0 ? 0 : row.number();
  const members: number[] = [];
  const count = row.number();
  for (let before = 0; members.length < count; ) {
    before = members.length === 0 ? row.number() : before + row.signed();
    members.push(before);
  }
  return { degree: degree ?? count, home, members, inert: (flags & INERT) !== 0 };
}
