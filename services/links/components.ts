import { BLOCK_SIZE } from './settings.ts';

/** Who is linked to whom; symmetric. */
export interface Adjacency {
  get(id: string): ReadonlySet<string> | undefined;
}

/**
 * Connected components, but two blocks of accounts do not become one over a single account or link: where taking one link away would leave two parts of at
 * least BLOCK_SIZE, it is taken away (a bridge: Tarjan 1974). Plain union would let one bad edge join two clusters for ever.
 */
export function components(ids: Iterable<string>, adjacency: Adjacency): string[][] {
  const found: string[][] = [];
  const seen = new Set<string>();
  for (const id of [...ids].sort()) {
    if (seen.has(id)) continue;
    for (const part of splitAtBridges(reach(id, adjacency, EMPTY), adjacency)) {
      for (const member of part) seen.add(member);
      found.push(part);
    }
  }
  return found;
}

const EMPTY: ReadonlySet<string> = new Set();

function splitAtBridges(component: readonly string[], adjacency: Adjacency): string[][] {
  const cut = new Set<string>();
  for (const { from, to, below } of bridges(component, adjacency)) {
    if (below >= BLOCK_SIZE && component.length - below >= BLOCK_SIZE) {
      cut.add(edge(from, to));
      cut.add(edge(to, from));
    }
  }
  if (cut.size === 0) return [[...component]];
  const parts: string[][] = [];
  const seen = new Set<string>();
  for (const id of component) {
    if (seen.has(id)) continue;
    const part = reach(id, adjacency, cut);
    for (const member of part) seen.add(member);
    parts.push(part);
  }
  return parts;
}

function reach(start: string, adjacency: Adjacency, cut: ReadonlySet<string>): string[] {
  const seen = new Set([start]);
  for (const id of seen) for (const other of adjacency.get(id) ?? []) if (!cut.has(edge(id, other))) seen.add(other);
  return [...seen].sort();
}

interface Bridge {
  from: string;
  to: string;
  /** Accounts on the far side. */
  below: number;
}

/** Tarjan's low-link search, without recursion: components may be deep. */
function bridges(component: readonly string[], adjacency: Adjacency): Bridge[] {
  const [root] = component;
  if (root === undefined) return [];
  const found: Bridge[] = [];
  const order = new Map<string, number>([[root, 0]]);
  const low = new Map<string, number>([[root, 0]]);
  const size = new Map<string, number>();
  const stack: { id: string; parent: string | null; rest: string[] }[] = [
    { id: root, parent: null, rest: [...(adjacency.get(root) ?? [])].sort() },
  ];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const next = top.rest.pop();
    if (next === undefined) {
      stack.pop();
      const below = (size.get(top.id) ?? 0) + 1;
      size.set(top.id, below);
      if (top.parent === null) continue;
      const own = low.get(top.id) ?? 0;
      low.set(top.parent, Math.min(low.get(top.parent) ?? 0, own));
      size.set(top.parent, (size.get(top.parent) ?? 0) + below);
      if (own > (order.get(top.parent) ?? 0)) found.push({ from: top.parent, to: top.id, below });
      continue;
    }
    if (next === top.parent) continue;
    const visited = order.get(next);
    if (visited !== undefined) {
      low.set(top.id, Math.min(low.get(top.id) ?? 0, visited));
      continue;
    }
    order.set(next, order.size);
    low.set(next, order.size - 1);
    stack.push({ id: next, parent: top.id, rest: [...(adjacency.get(next) ?? [])].sort() });
  }
  return found;
}

function edge(from: string, to: string): string {
  return `${from}\n${to}`;
}
