import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActivity, observeActivity } from '../../services/clusters/premerge/activity.ts';
import { createAccumulator } from '../../services/records/accumulator.ts';
import { type Activity, subActivitiesOf } from '../../services/records/subject-window.ts';
import { DAY, HOUR, MINUTE } from '../../services/records/window.ts';
import { seededRandom } from '../support/random.ts';
import { T } from '../support/records.ts';

interface Minute {
  product?: boolean;
  tools?: boolean;
  text?: boolean;
}

/** What an account is taken for after each of its calls, which are so many minutes apart. */
function activities(calls: readonly Minute[], minutes = 10, from = T): Activity[] {
  const state = createActivity();
  return calls.map(({ product = false, tools = false, text = true }, i) => {
    const accumulator = {
      ...createAccumulator(),
      calls: 1,
      fingerprinted: text ? 1 : 0,
      product_marked: product ? 1 : 0,
      with_tools: tools ? 1 : 0,
    };
    observeActivity(state, accumulator, from + (i + 1) * minutes * MINUTE);
    return lowestOf(state.activity);
  });
}

/** At whatever level: that it is above the lowest. */
function lowestOf(activity: Activity): Activity {
  return subActivitiesOf(activity)[0] ?? activity;
}

function drawn(share: number, count: number, seed: number): Minute[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => ({ product: random.next() < share }));
}

const marked = (count: number): Minute[] => Array.from({ length: count }, () => ({ product: true }));

test('one or two marked calls accuse nobody; three of three in as many hours do', () => {
  assert.deepEqual(activities(marked(3), 60), ['undecided', 'undecided', 'product']);
});

test('essays that a teacher has scored in one sitting accuse nobody, however many they are', () => {
  assert.ok(activities(marked(100), 1).every((activity) => activity === 'undecided'));
});

test('an account that sells one call in ten to people who ask for reasoning is hardly ever taken for a harvester', () => {
  let accused = 0;
  for (let seed = 1; seed <= 500; seed++) if (activities(drawn(0.1, 100, seed)).includes('product')) accused++;
  assert.ok(accused <= 10, `${accused} of 500`);
});

test('an account that harvests with half of its calls is found within 60 calls, and stays found', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const found = activities(drawn(0.5, 200, seed));
    const first = found.indexOf('product');
    assert.ok(first >= 0 && first < 60, `seed ${seed}: ${first}`);
    assert.ok(found.slice(first).every((activity) => activity === 'product'));
  }
});

test('an account that has stopped harvesting is let go when two days have passed', () => {
  const state = createActivity();
  const window = (product: boolean) => ({
    ...createAccumulator(),
    calls: 20,
    fingerprinted: 20,
    product_marked: product ? 20 : 0,
  });
  for (let hour = 0; hour < 3; hour++) observeActivity(state, window(true), T + hour * HOUR + MINUTE);
  assert.equal(state.activity, 'product-60');
  observeActivity(state, window(false), T + DAY + MINUTE);
  assert.equal(lowestOf(state.activity), 'product');
  observeActivity(state, window(false), T + 2 * DAY + MINUTE);
  assert.equal(state.activity, 'other');
});

test('without text, tools alone say what an account does', () => {
  const agent = activities(Array.from({ length: 30 }, () => ({ text: false, tools: true })));
  assert.equal(agent.at(-1), 'agentic');
  const other = activities(Array.from({ length: 30 }, () => ({ text: false })));
  assert.equal(other.at(-1), 'other');
});

test('asking for training data comes before having tools', () => {
  const both = activities(Array.from({ length: 20 }, () => ({ product: true, tools: true })));
  assert.equal(both.at(-1), 'product');
});
