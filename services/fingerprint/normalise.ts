import { withFewMarks } from './combining-marks.ts';

const NON_ASCII = /[\u0080-\uffff]/;
/** White space other than one single blank. */
const UNEVEN_SPACE = /[\t-\r ]{2,}|[\t-\r]/g;

/** Compatibility forms (full-width letters, ligatures) and case are not differences. Pure ASCII, the common case, needs no Unicode tables. */
export function normalise(text: string): string {
  return (NON_ASCII.test(text) ? withFewMarks(text).normalize('NFKC') : text).toLowerCase();
}

/** White space evened out, for the identity of a whole text: the same words wrapped otherwise are the same request. */
export function evenSpace(text: string): string {
  return text.replace(UNEVEN_SPACE, ' ').trim();
}

/**
 * What a prompt asks for stands at its ends (instruction first, output format last), and a cost that grows with the prompt would let one client's
 * documents slow everybody's line. In UTF-16 units.
 */
export const HEAD = 4_000;
export const TAIL = 1_000;

export function endsOf(text: string): string {
  return text.length <= HEAD + TAIL ? text : `${text.slice(0, HEAD)}\n\n${text.slice(-TAIL)}`;
}
