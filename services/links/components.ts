import type { ComponentSettings } from './settings.ts';

/** Whom an account is linked with and how strongly; symmetric. */
export interface Adjacency {
  get(id: string): ReadonlyMap<string, number> | undefined;
}

interface Edge {
  a: string;
  b: string;
  /** Strength of the link, times how alike the neighbourhoods of its ends are. */
  order: number;
}

/** Accounts that hold together, sorted. */
export interface Part {
  members: string[];
  /** Accounts that are connected with them at all, however weakly, and they themselves. */
  connected: number;
}

/**
 * Parts that hold together among what can be reached from `ids`; all reached accounts are in exactly one part, parts and members sorted.
 *
 * Within each connected component links are taken best first: a link's strength times the structural similarity of its ends (the cosine of their
 * neighbourhoods, SCAN, KDD'07), since a strong link between accounts that otherwise know different people is what a bad link looks like. A link joins the
 * groups of its two ends at once when one of them is small; two groups of `block` accounts or more wait until enough links between them share no account
 * on either side, so that neither one bad link nor one account that looks like both can join them: two pairs, and beyond `oversized` accounts one for
 * every `block` of the smaller side. What was never joined falls apart: an oversized or weakly held component is split along its weakest links. Nothing
 * is remembered between calls, so a link that is taken back leaves no trace, as it would in a lasting union-find.
 */
export function components(ids: Iterable<string>, adjacency: Adjacency, settings: ComponentSettings): Part[] {
  const parts: Part[] = [];
  const seen = new Set<string>();
  for (const id of [...ids].sort()) {
    if (seen.has(id)) continue;
    const component = reach(id, adjacency);
    for (const member of component) seen.add(member);
    const held = component.length < 2 * settings.block ? [component] : hold(component, adjacency, settings);
    for (const members of held) parts.push({ members, connected: component.length });
  }
  return parts.sort((a, b) => compare(a.members[0] ?? '', b.members[0] ?? ''));
}

function reach(start: string, adjacency: Adjacency): string[] {
  const seen = new Set([start]);
  for (const id of seen) for (const other of adjacency.get(id)?.keys() ?? []) seen.add(other);
  return [...seen].sort();
}

function hold(component: readonly string[], adjacency: Adjacency, settings: ComponentSettings): string[][] {
  const groups = createGroups(component);
  const edges: Edge[] = [];
  for (const a of component) {
    for (const [b, strength] of adjacency.get(a) ?? [])
      if (a < b) edges.push({ a, b, order: strength * similarity(a, b, adjacency) });
  }
  edges.sort((x, y) => y.order - x.order || compare(x.a, y.a) || compare(x.b, y.b));
  for (const edge of edges) {
    let ready = groups.offer(edge, settings);
    while (ready !== null) ready = groups.join(ready.a, ready.b, settings);
  }
  return groups.parts();
}

/** Of two linked accounts: the cosine of the sets of their neighbours, each counted among its own. */
function similarity(a: string, b: string, adjacency: Adjacency): number {
  const mine = adjacency.get(a) ?? NOBODY;
  const theirs = adjacency.get(b) ?? NOBODY;
  const [fewer, more] = mine.size <= theirs.size ? [mine, theirs] : [theirs, mine];
  let common = 2; // both are in both
  for (const id of fewer.keys()) if (more.has(id)) common++;
  return common / Math.sqrt((mine.size + 1) * (theirs.size + 1));
}

const NOBODY: ReadonlyMap<string, number> = new Map();

/** A disjoint-set forest for one call, that also knows the links still waiting between any two groups. */
function createGroups(ids: readonly string[]) {
  const parent = new Map(ids.map((id) => [id, id]));
  const size = new Map(ids.map((id) => [id, 1]));
  const waiting = new Map<string, Map<string, Waiting>>();

  const find = (id: string): string => {
    let root = id;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
    for (let at = id; at !== root; ) {
      const up = parent.get(at) ?? root;
      parent.set(at, root);
      at = up;
    }
    return root;
  };
  const sizeOf = (root: string): number => size.get(root) ?? 1;
  const enough = (a: string, b: string, settings: ComponentSettings): boolean => {
    const smaller = Math.min(sizeOf(a), sizeOf(b));
    if (smaller < settings.block) return true;
    const wanted = sizeOf(a) + sizeOf(b) <= settings.oversized ? 2 : Math.max(2, Math.ceil(smaller / settings.block));
    return (waiting.get(a)?.get(b)?.disjoint ?? 0) >= wanted;
  };
  const wait = (a: string, b: string, edges: readonly Edge[]): void => {
    const known = waiting.get(a)?.get(b) ?? { edges: [], used: new Set<string>(), disjoint: 0 };
    for (const edge of edges) addWaiting(known, edge);
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const row = waiting.get(from) ?? new Map<string, Waiting>();
      waiting.set(from, row.set(to, known));
    }
  };

  return {
    /** The two groups to join because of this link, or null. */
    offer(edge: Edge, settings: ComponentSettings): { a: string; b: string } | null {
      const a = find(edge.a);
      const b = find(edge.b);
      if (a === b) return null;
      wait(a, b, [edge]);
      return enough(a, b, settings) ? { a, b } : null;
    },
    /** Joins two groups; the next two that are ready by it, or null. */
    join(a: string, b: string, settings: ComponentSettings): { a: string; b: string } | null {
      const [into, from] = sizeOf(a) > sizeOf(b) || (sizeOf(a) === sizeOf(b) && a < b) ? [a, b] : [b, a];
      parent.set(from, into);
      size.set(into, sizeOf(a) + sizeOf(b));
      const moved = waiting.get(from) ?? new Map<string, Waiting>();
      waiting.delete(from);
      waiting.get(into)?.delete(from);
      for (const [other, { edges }] of moved) {
        waiting.get(other)?.delete(from);
        if (other !== into) wait(into, other, edges);
      }
      for (const other of [...(waiting.get(into)?.keys() ?? [])].sort())
        if (enough(into, other, settings)) return { a: into, b: other };
      return null;
    },
    parts(): string[][] {
      const parts = new Map<string, string[]>();
      for (const id of ids) {
        const root = find(id);
        const part = parts.get(root);
        if (part === undefined) parts.set(root, [id]);
        else part.push(id);
      }
      return [...parts.values()];
    },
  };
}

/** Links between two groups that are not joined by them yet. */
interface Waiting {
  edges: Edge[];
  /** Accounts of those links that share none. */
  used: Set<string>;
  /** How many links share no account, counted greedily in the order in which they came, strongest first: at least half of the most there are. */
  disjoint: number;
}

function addWaiting(waiting: Waiting, edge: Edge): void {
  waiting.edges.push(edge);
  if (waiting.used.has(edge.a) || waiting.used.has(edge.b)) return;
  waiting.used.add(edge.a).add(edge.b);
  waiting.disjoint++;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
