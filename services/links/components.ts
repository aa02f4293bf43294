import type { ComponentSettings } from './settings.ts';

/** Whom an account is linked with and how strongly; symmetric. */
export interface Adjacency {
  get(id: string): ReadonlyMap<string, number> | undefined;
}

/** Between two places of a component, which is sorted. */
interface Edge {
  a: number;
  b: number;
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
  const groups = createGroups(component.length);
  const edges = edgesOf(component, adjacency);
  edges.sort((x, y) => y.order - x.order || x.a - y.a || x.b - y.b);
  for (const edge of edges) {
    let ready = groups.offer(edge, settings);
    while (ready !== null) ready = groups.join(ready, settings);
  }
  return groups.parts().map((places) => places.map((place) => component[place] ?? ''));
}

/** In places of the component and typed arrays: of a campaign of thousands every link is held against a hundred neighbours, time and again. */
function edgesOf(component: readonly string[], adjacency: Adjacency): Edge[] {
  const placeOf = new Map(component.map((id, place) => [id, place]));
  const neighbours = component.map((id) =>
    [...(adjacency.get(id) ?? [])].map(([other, strength]) => ({ place: placeOf.get(other) ?? -1, strength })),
  );
  /** The last account, and one, whose neighbour each is. */
  const neighbourOf = new Int32Array(component.length);
  const edges: Edge[] = [];
  for (const [from, mine] of neighbours.entries()) {
    for (const { place } of mine) neighbourOf[place] = from + 1;
    for (const { place: to, strength } of mine) {
      const theirs = neighbours[to] ?? [];
      // Seen from the end that knows more, so that the fewer are gone through: in a queue of thousands everybody knows its first accounts.
      if (theirs.length > mine.length || (theirs.length === mine.length && to < from)) continue;
      let common = 2; // both are in both
      for (const { place } of theirs) if (neighbourOf[place] === from + 1) common++;
      const similarity = common / Math.sqrt((mine.length + 1) * (theirs.length + 1));
      edges.push({ a: Math.min(from, to), b: Math.max(from, to), order: strength * similarity });
    }
  }
  return edges;
}

/** Two groups that may be joined, by the places of their roots. */
interface Ready {
  a: number;
  b: number;
}

/** A disjoint-set forest for one call, that also knows the links still waiting between any two groups. */
function createGroups(count: number) {
  const parent = Int32Array.from({ length: count }, (_, place) => place);
  const size = new Int32Array(count).fill(1);
  const waiting = new Map<number, Map<number, Waiting>>();

  const find = (place: number): number => {
    let root = place;
    for (let up = parent[root] ?? root; up !== root; up = parent[root] ?? root) root = up;
    for (let at = place; at !== root; ) {
      const up = parent[at] ?? root;
      parent[at] = root;
      at = up;
    }
    return root;
  };
  const sizeOf = (root: number): number => size[root] ?? 1;
  const enough = (a: number, b: number, settings: ComponentSettings): boolean => {
    const smaller = Math.min(sizeOf(a), sizeOf(b));
    if (smaller < settings.block) return true;
    const wanted = sizeOf(a) + sizeOf(b) <= settings.oversized ? 2 : Math.max(2, Math.ceil(smaller / settings.block));
    return (waiting.get(a)?.get(b)?.disjoint ?? 0) >= wanted;
  };
  const wait = (a: number, b: number, edges: readonly Edge[]): void => {
    const known = waiting.get(a)?.get(b) ?? { edges: [], used: new Set<number>(), disjoint: 0 };
    for (const edge of edges) addWaiting(known, edge);
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const row = waiting.get(from) ?? new Map<number, Waiting>();
      waiting.set(from, row.set(to, known));
    }
  };

  return {
    /** The two groups to join because of this link, or null. */
    offer(edge: Edge, settings: ComponentSettings): Ready | null {
      const a = find(edge.a);
      const b = find(edge.b);
      if (a === b) return null;
      wait(a, b, [edge]);
      return enough(a, b, settings) ? { a, b } : null;
    },
    /** Joins two groups; the next two that are ready by it, or null. */
    join({ a, b }: Ready, settings: ComponentSettings): Ready | null {
      const [into, from] = sizeOf(a) > sizeOf(b) || (sizeOf(a) === sizeOf(b) && a < b) ? [a, b] : [b, a];
      parent[from] = into;
      size[into] = sizeOf(a) + sizeOf(b);
      const moved = waiting.get(from) ?? new Map<number, Waiting>();
      waiting.delete(from);
      waiting.get(into)?.delete(from);
      for (const [other, { edges }] of moved) {
        waiting.get(other)?.delete(from);
        if (other !== into) wait(into, other, edges);
      }
      for (const other of [...(waiting.get(into)?.keys() ?? [])].sort((x, y) => x - y))
        if (enough(into, other, settings)) return { a: into, b: other };
      return null;
    },
    /** Places, ascending, by group. */
    parts(): number[][] {
      const parts = new Map<number, number[]>();
      for (let place = 0; place < count; place++) {
        const root = find(place);
        const part = parts.get(root);
        if (part === undefined) parts.set(root, [place]);
        else part.push(place);
      }
      return [...parts.values()];
    },
  };
}

/** Links between two groups that are not joined by them yet. */
interface Waiting {
  edges: Edge[];
  /** Accounts of those links that share none. */
  used: Set<number>;
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
