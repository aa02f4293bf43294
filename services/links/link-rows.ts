import { byteRows } from '../stream/row-bytes.ts';
import { STRENGTH_STEPS } from './evidence.ts';

/** Accounts with which one is linked, and the strength of each link, which is a whole number of steps. */
export const LINK_ROWS = byteRows<Map<string, number>>(
  'links 1',
  (row, links) => {
    row.number(links.size);
    for (const [to, strength] of links) {
      row.string(to);
      row.number(Math.round(strength * STRENGTH_STEPS));
    }
  },
  (row) => {
    const links = new Map<string, number>();
    for (let left = row.number(); left > 0; left--) {
      const to = row.string();
      links.set(to, row.number() / STRENGTH_STEPS);
    }
    return links;
  },
);
