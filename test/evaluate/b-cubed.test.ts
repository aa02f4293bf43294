import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bCubed } from './b-cubed.ts';

const everybody = (): boolean => true;

describe('B-cubed', () => {
  const actors = new Map([
    ['a', 'one'],
    ['b', 'one'],
    ['c', 'one'],
    ['d', 'two'],
  ]);

  it('is 1 where clusters are actors', () => {
    const clusters = new Map([
      ['a', 'x'],
      ['b', 'x'],
      ['c', 'x'],
    ]);
    assert.deepEqual(bCubed(actors, clusters, everybody), { precision: 1, recall: 1, f1: 1 });
  });

  it('counts an account in no cluster as alone', () => {
    const clusters = new Map([
      ['a', 'x'],
      ['b', 'x'],
    ]);
    const score = bCubed(actors, clusters, (account) => account !== 'd');
    assert.equal(score?.precision, 1);
    assert.ok(Math.abs((score?.recall ?? 0) - (2 / 3 + 2 / 3 + 1 / 3) / 3) < 1e-12);
  });

  it('loses precision to a bystander in the cluster even when only the campaign counts', () => {
    const clusters = new Map([...actors.keys()].map((account) => [account, 'x']));
    const score = bCubed(actors, clusters, (account) => account !== 'd');
    assert.ok(Math.abs((score?.precision ?? 0) - 3 / 4) < 1e-12);
    assert.equal(score?.recall, 1);
  });

  it('is nothing where nobody counts', () => {
    assert.equal(
      bCubed(actors, new Map(), () => false),
      null,
    );
  });
});
