import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addCall, type CountedCall, createAccumulator } from '../../services/records/accumulator.ts';
import { addHash, createSketch } from '../../services/records/distinct-sketch.ts';
import { computeFeatures, FEATURES, featureNamed } from '../../services/records/features.ts';
import type { Members } from '../../services/records/subject-window.ts';
import { addValue } from '../../services/records/value-counts.ts';
import { countedCall } from './calls.ts';

const [sample] = fc.sample(countedCall(), { numRuns: 1, seed: 1 });
assert(sample);
const plain: CountedCall = {
  ...sample,
  status_code: 200,
  user_agent: 'sdk/openai-python',
  hosting: false,
  asn: null,
  prompt: null,
};

function windowOf(calls: readonly Partial<CountedCall>[]) {
  const accumulator = createAccumulator();
  for (const call of calls) addCall(accumulator, { ...plain, ...call }, 0);
  return accumulator;
}

function membersOf(callsOfEach: readonly number[]): Members {
  const accounts = createSketch();
  for (const number of callsOfEach.keys()) addHash(accounts, number * 7_919);
  const histogram = [...Map.groupBy(callsOfEach, (calls) => calls)].map(([calls, { length }]) => ({
    calls,
    accounts: length,
  }));
  return {
    accounts,
    calls_histogram: histogram.sort((a, b) => a.calls - b.calls),
    plans: [],
    sample: [],
    suspended: 0,
    unverified: 0,
    newcomers: 0,
    arrival_squares: 0,
    template_uses: 0,
  };
}

const prompt = (template: number, filling: number, markers = 0, script = 'latin', category = 'other') => ({
  prompt: {
    template: String(template).padStart(16, '0'),
    template_hash: template,
    filling_hash: filling,
    markers,
    script,
    category,
  },
});

function value(name: string, calls: readonly Partial<CountedCall>[], members: Members | null = null): number | null {
  return featureNamed(name).compute({ accumulator: windowOf(calls), size: 'hour', members });
}

/** Below 0: dealt out more evenly than chance would. */
const SIGNED = new Set(['envelope_correlation', 'evenness_excess']);

const close = (actual: number | null, expected: number) =>
  assert(actual !== null && Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

test('every feature has a name of its own, and says its formula and source', () => {
  assert.equal(new Set(FEATURES.map(({ name }) => name)).size, FEATURES.length);
  for (const { name, formula, source } of FEATURES) {
    assert.match(name, /^[a-z][a-z0-9_]*$/);
    assert.notEqual(formula, '', name);
    assert.notEqual(source, '', name);
  }
  assert.throws(() => featureNamed('no such feature'), RangeError);
});

test('whatever the calls, a feature is a finite number or nothing, and a share is between 0 and 1', () => {
  fc.assert(
    fc.property(
      fc.array(countedCall(), { maxLength: 80 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 10 }),
      (calls, accounts) => {
        for (const members of [null, membersOf(accounts)]) {
          for (const { name, unit, compute } of FEATURES) {
            const result = compute({ accumulator: windowOf(calls), size: 'hour', members });
            if (result === null) continue;
            assert(Number.isFinite(result), `${name} is ${result}`);
            if (!SIGNED.has(name)) assert(result >= 0, `${name} is ${result}`);
            // The cache and the input are two figures of the gateway's, drawn independently here.
            if (unit === 'share' && name !== 'cached_input_share') assert(result <= 1 + 1e-12, `${name} is ${result}`);
          }
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('a window without calls, prompts or members says nothing of shares of them', () => {
  const features = computeFeatures({ accumulator: createAccumulator(), size: 'minute', members: null });
  for (const name of [
    'error_share',
    'chain_of_thought_share',
    'near_duplicate_share',
    'model_entropy',
    'tls_per_account',
    'evenness_gini',
  ]) {
    assert.equal(features.has(name), false, name);
  }
  assert.equal(features.get('calls'), 0);
});

test('marker shares are of the prompts that were fingerprinted', () => {
  const calls = [prompt(1, 1, 1), prompt(1, 2, 3), prompt(2, 3), {}];
  close(value('chain_of_thought_share', calls), 2 / 3);
  close(value('rubric_grading_share', calls), 1 / 3);
});

test('template features tell one enumerated template from many and from one repeated prompt', () => {
  const enumerated = Array.from({ length: 20 }, (_, filling) => prompt(1, filling));
  const varied = Array.from({ length: 20 }, (_, number) => prompt(number, number));
  const repeated = Array.from({ length: 20 }, () => prompt(1, 1));
  close(value('template_concentration', enumerated), 1);
  close(value('template_concentration', varied), 1 / 20);
  close(value('near_duplicate_share', enumerated), 19 / 20);
  close(value('near_duplicate_share', varied), 0);
  close(value('enumerated_share', enumerated), 1);
  close(value('enumerated_share', repeated), 0);
  close(value('calls_per_filling', repeated), 20);
  close(value('calls_per_filling', enumerated), 1);
  close(value('most_fillings', [...enumerated, ...varied]), 20);
  close(value('fillings_per_template', enumerated), 20);
});

test('entropy is log2 of the number of equally frequent values, and 0 for one', () => {
  const models = ['a', 'b', 'c', 'd'].map((request_model) => ({ request_model }));
  close(value('model_entropy', models), 2);
  close(value('model_entropy', [{}, {}]), 0);
  close(value('top_model_share', models), 1 / 4);
});

test('the spread of lengths is their standard deviation in octaves', () => {
  close(value('input_length_spread', [{ input_tokens: 3 }, { input_tokens: 15 }]), 1);
  close(value('input_length_spread', [{ input_tokens: 700 }, { input_tokens: 701 }]), 0);
  assert.equal(value('input_length_spread', [{}]), null);
});

test('Gini is 0 when all accounts do the same and near 1 when one does all', () => {
  close(value('evenness_gini', [{}], membersOf([5, 5, 5, 5])), 0);
  close(value('evenness_gini', [{}], membersOf([0, 0, 0, 12])), 3 / 4);
  close(value('evenness_gini', [{}], membersOf([1, 2, 3])), 2 / 9);
  assert.equal(value('evenness_gini', [{}], membersOf([7])), null);
});

test('dispersion is 0 for a metronome, and far above 1 for one burst', () => {
  const hourOf = (arrivals: { bin: number; count: number }[]) =>
    featureNamed('arrival_dispersion').compute({
      accumulator: { ...windowOf([{}]), arrivals },
      size: 'hour',
      members: null,
    });
  close(hourOf(Array.from({ length: 60 }, (_, bin) => ({ bin, count: 2 }))), 0);
  close(hourOf([{ bin: 3, count: 120 }]), 118);
  assert.equal(hourOf([{ bin: 3, count: 59 }]), null);
});

test('activity is the share of the bins of the window that hold a call', () => {
  const active = (size: 'hour' | 'day') =>
    featureNamed('active_share').compute({
      accumulator: {
        ...windowOf([{}]),
        arrivals: [
          { bin: 1, count: 1 },
          { bin: 9, count: 4 },
        ],
      },
      size,
      members: null,
    });
  close(active('hour'), 2 / 60);
  close(active('day'), 2 / 96);
});

test('ratios to accounts are those of a cluster: one client over many accounts is near 0', () => {
  const calls = Array.from({ length: 10 }, (_, number) => ({ tls_hash: 1, ip_hash: number }));
  close(value('tls_per_account', calls, membersOf(Array.from({ length: 10 }, () => 1))), 1 / 10);
  close(value('ips_per_account', calls, membersOf([5, 5])), 5);
  close(value('calls_per_account', calls, membersOf([5, 5])), 5);
});

test('clients beyond the cap count as non-standard: they are the unknown ones', () => {
  const accumulator = windowOf([{}, { user_agent: 'script/curl' }]);
  for (let number = 0; number < 298; number++) {
    addValue(accumulator.user_agents, `unknown/${number}`);
    accumulator.calls++;
  }
  close(featureNamed('nonstandard_client_share').compute({ accumulator, size: 'hour', members: null }), 299 / 300);
});

test('long input with a short answer, errors and scripts are shares of calls and prompts', () => {
  close(
    value('long_in_short_out_share', [
      { input_tokens: 512, output_tokens: 32 },
      { input_tokens: 511, output_tokens: 32 },
      { input_tokens: 512, output_tokens: 33 },
    ]),
    1 / 3,
  );
  close(value('error_share', [{ status_code: 500 }, { status_code: 429 }, {}, {}]), 1 / 2);
  close(value('throttled_share', [{ status_code: 500 }, { status_code: 429 }, {}, {}]), 1 / 4);
  close(value('non_latin_share', [prompt(1, 1, 0, 'han'), prompt(1, 2, 0, 'none'), prompt(1, 3), {}]), 1 / 3);
  close(value('non_latin_share', [prompt(1, 1, 0, 'code'), prompt(1, 2, 0, 'cyrillic')]), 1 / 2);
});

test('a prompt with several product markers is one product', () => {
  close(value('product_share', [prompt(1, 1, 1), prompt(1, 2, 15), prompt(2, 3), prompt(2, 4), {}]), 2 / 4);
  close(value('product_share', [prompt(1, 1, 16)]), 0);
});

test('tools on offer are an agent at work once one is used or the conversation goes back and forth', () => {
  const offered = { has_tools: true, tool_call_count: 0, message_count: 1 };
  close(
    value('agentic_share', [
      offered,
      { ...offered, tool_call_count: 2 },
      { ...offered, message_count: 4 },
      { ...offered, message_count: 3 },
      { has_tools: false, tool_call_count: 0, message_count: 30 },
    ]),
    2 / 5,
  );
});

test('categories and labels are narrow for one kind of work and wide for many', () => {
  const categories = ['code', 'math', 'writing', 'other'].map((category, place) =>
    prompt(place, place, 0, 'latin', category),
  );
  close(value('category_entropy', categories), 2);
  close(value('top_category_share', categories), 1 / 4);
  const { prompt: withCategory } = prompt(1, 1);
  const { category: _, ...uncategorised } = withCategory;
  close(value('top_category_share', [{ prompt: uncategorised }, prompt(1, 2)]), 1);
  const lengths = [20, 300, 5_000, 70_000].map((input_tokens) => ({ input_tokens }));
  close(value('label_entropy', lengths), 2);
  close(value('top_label_share', [...lengths, { input_tokens: 21 }]), 2 / 5);
});

test('scripts of marked prompts tell a translated request from a multilingual application', () => {
  const scripts = ['latin', 'han', 'cyrillic', 'arabic'];
  close(
    value(
      'marked_script_entropy',
      scripts.map((script, place) => prompt(place, place, 1, script)),
    ),
    2,
  );
  assert.equal(
    value(
      'marked_script_entropy',
      scripts.map((script, place) => prompt(place, place, 0, script)),
    ),
    null,
  );
});

test('an enumerated template is a product as far as its prompts are marked, when most of them are: of a few it is the filling that is', () => {
  const enumerated = (marked: number) =>
    Array.from({ length: 20 }, (_, filling) => prompt(1, filling, filling < marked ? 1 : 0));
  const varied = Array.from({ length: 20 }, (_, number) => prompt(100 + number, number, 1));
  close(value('product_enumeration_share', [...enumerated(15), ...varied]), 15 / 40);
  close(value('product_enumeration_share', [...enumerated(5), ...varied]), 0);
  close(value('enumerated_share', [...enumerated(5), ...varied]), 20 / 40);
});

test('repeated sampling shows beside other traffic, and asking twice is none', () => {
  const sampled = [1, 2, 3].flatMap((number) => Array.from({ length: 8 }, () => prompt(number, number)));
  const twice = [11, 12, 13, 14].flatMap((number) => [prompt(number, number), prompt(number, number)]);
  close(value('repeated_sampling_share', [...sampled, ...twice]), 24 / 32);
  close(value('filling_repeats', [...sampled, ...twice]), 8);
  close(value('repeated_sampling_share', twice), 0);
});

test('networks are counted against accounts, and against the time in which they were used', () => {
  const calls = Array.from({ length: 6 }, (_, number) => ({
    asn_hash: number % 3,
    network_hash: number,
    occurred_at: 0,
  }));
  close(value('distinct_asns', calls), 3);
  close(value('asns_per_account', calls, membersOf([1, 1, 1, 1, 1, 1])), 1 / 2);
  close(value('network_turnover', calls), 6);
});

test('a newcomer replaces a suspended account, one for one', () => {
  const members = { ...membersOf([3, 3, 3, 3, 3, 3, 3, 3]), newcomers: 4, suspended: 2 };
  close(value('newcomer_share', [{}], members), 4 / 8);
  close(value('suspended_share', [{}], members), 2 / 8);
  close(value('replacement_share', [{}], members), 2 / 8);
  close(value('replacement_share', [{}], { ...members, suspended: 0 }), 0);
});
