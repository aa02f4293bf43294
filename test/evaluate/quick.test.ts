import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { describe, it } from 'node:test';
import { EXPERIMENTS } from './experiments/all.ts';
import { FLOORS } from './floors.ts';
import { runAll } from './run-all.ts';
import { SEEDS } from './seeds.ts';

/** Account false-positive rate at page severity above which a page is worth little: at 25,000 bad accounts among 5 million it leaves 98 % precision. */
const MOST_FALSE_POSITIVES = 1e-4;

const [seed] = SEEDS.test;
const runs = EXPERIMENTS.filter(({ quick }) => quick).flatMap((experiment) =>
  experiment.runs({ scale: 1, seeds: [seed], quick: true }),
);
const measurements = await runAll(runs, { jobs: availableParallelism() });

describe('the quick evaluation', () => {
  it('pages about nobody innocent', () => {
    for (const { experiment, label, innocents } of measurements)
      for (const [who, { pages }] of Object.entries(innocents))
        assert.equal(pages, 0, `${who} paged in ${experiment}, ${label}`);
  });

  it('makes no ticket of a hard negative among ordinary customers', () => {
    const alone = measurements.filter(({ campaignAccounts }) => campaignAccounts === 0);
    assert.ok(alone.length > 0);
    for (const { label, innocents } of alone)
      for (const [who, { tickets }] of Object.entries(innocents)) assert.equal(tickets, 0, `${who} in ${label}`);
  });

  it('names at most one innocent account in ten thousand in a page about others', () => {
    const all = measurements.flatMap(({ innocents }) => Object.values(innocents));
    const paged = all.reduce((sum, each) => sum + each.paged, 0);
    const accounts = all.reduce((sum, each) => sum + each.accounts, 0);
    assert.ok(paged <= MOST_FALSE_POSITIVES * accounts, `${paged} of ${accounts}`);
  });

  for (const { experiment, label, campaignAccounts, page, any, bCubed, leaked } of measurements) {
    if (campaignAccounts === 0) continue;
    it(`finds what it found: ${experiment}, ${label}`, () => {
      const floor = FLOORS[`${experiment}, ${label}`];
      assert.ok(floor !== undefined, 'no floor: add one to floors.ts');
      const reached = {
        recall: page.recall ?? 0,
        // Nobody paged: nothing imprecise.
        precision: page.precision ?? 1,
        recallAny: any.recall ?? 0,
        bCubedF1: bCubed?.f1 ?? 0,
        stopped: 1 - (leaked?.share ?? 1),
      };
      for (const [figure, least] of Object.entries(floor)) {
        // The floor's keys are the figures'.
        const value = reached[figure as keyof typeof reached];
        assert.ok(value >= least, `${figure} ${value.toFixed(3)}, floor ${least}`);
      }
    });
  }

  it('has a floor for no run that is not there', () => {
    const names = new Set(measurements.map(({ experiment, label }) => `${experiment}, ${label}`));
    assert.deepEqual(
      Object.keys(FLOORS).filter((name) => !names.has(name)),
      [],
    );
  });
});

it('seeds to tune on are none of the seeds to report', () => {
  const test: readonly number[] = SEEDS.test;
  assert.deepEqual(
    SEEDS.tune.filter((tuned) => test.includes(tuned)),
    [],
  );
});
