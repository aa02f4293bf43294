import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Adjacency, components, type Part } from '../../services/links/components.ts';
import { names } from './world.ts';

const SETTINGS = { block: 8, oversized: 60 };

function graph(edges: readonly (readonly [string, string])[], strength = 1): Adjacency {
  const links = new Map<string, Map<string, number>>();
  const add = (from: string, to: string): void => {
    links.set(from, (links.get(from) ?? new Map<string, number>()).set(to, strength));
  };
  for (const [a, b] of edges) {
    add(a, b);
    add(b, a);
  }
  return { get: (id) => links.get(id) };
}

function everyPair(ids: readonly string[]): [string, string][] {
  return ids.flatMap((a, i) => ids.slice(i + 1).map((b): [string, string] => [a, b]));
}

/** Newcomers know the founders and the latest before them: what the candidates of a shared attribute look like. */
function grown(ids: readonly string[]): [string, string][] {
  return ids.flatMap((id, i) =>
    [...new Set([...ids.slice(0, Math.min(i, 8)), ...ids.slice(Math.max(0, i - 8), i)])].map(
      (other): [string, string] => [other, id],
    ),
  );
}

const sizes = (parts: readonly Part[]): number[] => parts.map(({ members }) => members.length).sort((a, b) => b - a);

test('small groups that touch are one', () => {
  assert.deepEqual(
    components(
      ['a'],
      graph([
        ['a', 'b'],
        ['b', 'c'],
      ]),
      SETTINGS,
    ),
    [{ members: ['a', 'b', 'c'], connected: 3 }],
  );
});

test('one link between two rings joins nothing, however strong', () => {
  const left = names('l', 10);
  const right = names('r', 10);
  const links = graph([...everyPair(left), ...everyPair(right), ['l003', 'r003']], 0.6);
  const strong: Adjacency = {
    get: (id) =>
      id === 'l003' || id === 'r003'
        ? new Map([...(links.get(id) ?? [])].map(([other, at]) => [other, other[0] === id[0] ? at : 3]))
        : links.get(id),
  };
  assert.deepEqual(sizes(components(['l000'], strong, SETTINGS)), [10, 10]);
});

test('one account that is linked with everybody in two rings joins them as little', () => {
  const left = names('l', 10);
  const right = names('r', 10);
  const both = [...left, ...right].map((id): [string, string] => [id, 'spy']);
  assert.deepEqual(
    sizes(components(['spy'], graph([...everyPair(left), ...everyPair(right), ...both]), SETTINGS)),
    [11, 10],
  );
});

test('two pairs of accounts that have nobody in common join two rings', () => {
  const left = names('l', 10);
  const right = names('r', 10);
  assert.deepEqual(
    sizes(
      components(
        ['l000'],
        graph([...everyPair(left), ...everyPair(right), ['l001', 'r001'], ['l002', 'r002']]),
        SETTINGS,
      ),
    ),
    [20],
  );
});

test('an oversized component needs more pairs than a small one', () => {
  const left = names('l', 32);
  const right = names('r', 40);
  const bridges = (count: number) => names('', count).map((n): [string, string] => [`l${n}`, `r${n}`]);
  const of = (count: number) =>
    sizes(components(['l000'], graph([...grown(left), ...grown(right), ...bridges(count)]), SETTINGS));
  assert.deepEqual(of(3), [40, 32]);
  assert.deepEqual(of(4), [72]);
});

test('a large ring whose members know only its founders and their neighbours stays whole', () => {
  assert.deepEqual(sizes(components(['x000'], graph(grown(names('x', 400))), SETTINGS)), [400]);
});

test('only what can be reached is computed', () => {
  assert.deepEqual(
    components(
      ['a'],
      graph([
        ['a', 'b'],
        ['c', 'd'],
      ]),
      SETTINGS,
    ),
    [{ members: ['a', 'b'], connected: 2 }],
  );
});
