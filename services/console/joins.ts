/** One attribute that accounts have in common, and the groups of accounts that have it. */
export interface JoinAttribute {
  kind: string;
  attribute: string;
  accounts: number;
}

/** Accounts that have exactly these of the shown attributes. */
export interface JoinGroup {
  /** Places in `attributes`, ascending. */
  attributes: number[];
  accounts: number;
}

/** A cluster as a picture can show it: how many accounts have which attributes, however many thousands there are. */
export interface Joins {
  accounts: number;
  /** Most shared first. */
  attributes: JoinAttribute[];
  /** Largest first; the last one may be the rest, with the attributes that any of it has. */
  groups: JoinGroup[];
  /** Attributes that are not shown. */
  further: number;
  /** Whether the last group is what was left over. */
  hasRest: boolean;
}

const MOST_ATTRIBUTES = 10;
const MOST_GROUPS = 9;

/**
 * Groups accounts by which of the most shared attributes they have. `sets`: how many accounts have exactly these attributes, each a [kind, attribute].
 * What is beyond the most shared attributes and the largest groups is counted, not drawn.
 */
export function joinsOf(
  sets: readonly { attributes: readonly (readonly [string, string])[]; accounts: number }[],
): Joins {
  const shared = new Map<string, JoinAttribute>();
  let total = 0;
  for (const { attributes, accounts } of sets) {
    total += accounts;
    for (const [kind, attribute] of attributes) {
      const key = `${kind} ${attribute}`;
      const known = shared.get(key) ?? { kind, attribute, accounts: 0 };
      known.accounts += accounts;
      shared.set(key, known);
    }
  }
  const ranked = [...shared].sort(([a, left], [b, right]) => right.accounts - left.accounts || (a < b ? -1 : 1));
  const shown = ranked.slice(0, MOST_ATTRIBUTES);
  const place = new Map(shown.map(([key], index) => [key, index]));
  const grouped = new Map<string, JoinGroup>();
  for (const { attributes, accounts } of sets) {
    const places = attributes
      .flatMap(([kind, attribute]) => place.get(`${kind} ${attribute}`) ?? [])
      .sort((a, b) => a - b);
    const key = places.join(' ');
    const known = grouped.get(key) ?? { attributes: places, accounts: 0 };
    known.accounts += accounts;
    grouped.set(key, known);
  }
  const groups = [...grouped.values()].sort((a, b) => b.accounts - a.accounts);
  const rest = groups.splice(MOST_GROUPS);
  if (rest.length > 0)
    groups.push({
      attributes: [...new Set(rest.flatMap(({ attributes }) => attributes))].sort((a, b) => a - b),
      accounts: rest.reduce((sum, { accounts }) => sum + accounts, 0),
    });
  return {
    accounts: total,
    attributes: shown.map(([, attribute]) => attribute),
    groups,
    further: ranked.length - shown.length,
    hasRest: rest.length > 0,
  };
}
