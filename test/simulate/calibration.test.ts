import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drawCallsPerDay, RATES } from '../../services/simulate/actors/ordinary.ts';
import { drawInterarrivalCv, renewalArrivals } from '../../services/simulate/arrivals.ts';
import { clamp, logNormal } from '../../services/simulate/distributions.ts';
import { createPromptLibrary } from '../../services/simulate/prompts/library.ts';
import { createRandom } from '../../services/simulate/random.ts';
import { type Category, drawShape, drawWork } from '../../services/simulate/work.ts';
import { quantile } from '../support/quantile.ts';
import { gaps, readSimulation, variation } from './read-back.ts';

function between(value: number, low: number, high: number, what: string): void {
  assert.ok(value >= low && value <= high, `${what}: ${value} is not in ${low}..${high}`);
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

// Targets: research/detection.md, "Calibrating benign traffic".
describe('ordinary traffic', () => {
  it('has clients whose rate is log-normal with a sigma of 1.8 to 2.4 beside the tail of small accounts', () => {
    const random = createRandom('rates');
    const body = times(4_000, () => drawCallsPerDay(random, { ...RATES, lowTailShare: 0, cap: 1e9 }));
    const logs = body.map(Math.log);
    const sigma = (quantile(logs, 0.84) - quantile(logs, 0.16)) / 2;
    between(sigma, 1.8, 2.4, 'sigma of ln rate');
    const tail = times(2_000, () => drawCallsPerDay(random, { ...RATES, lowTailShare: 1 }));
    between(Math.min(...tail), 5, 6, 'smallest of the tail');
    between(Math.max(...tail), 28, 30, 'largest of the tail');
  });

  it('is unequal: the calls of a day are concentrated in few accounts', () => {
    const random = createRandom('concentration');
    const rates = times(2_000, () => drawCallsPerDay(random, RATES)).sort((a, b) => b - a);
    const total = rates.reduce((sum, rate) => sum + rate, 0);
    const top = rates.slice(0, 200).reduce((sum, rate) => sum + rate, 0);
    between(top / total, 0.45, 0.9, 'share of the busiest tenth');
  });

  it('arrives with the variation that was asked for', () => {
    for (const cv of [0.14, 0.6, 1.2, 3]) {
      const rate = 1 / 2_000;
      const arrivals = [...renewalArrivals(createRandom(`cv ${cv}`), 0, 86_400_000, cv, () => rate)];
      between(variation(gaps(arrivals)), cv * 0.85, cv * 1.15, `CV of gaps at ${cv}`);
      between(arrivals.length, 43_200 * 0.9, 43_200 * 1.1, `calls a day at ${cv}`);
    }
  });

  it('draws the variation of clients as ServeGen has it', () => {
    const random = createRandom('cvs');
    const cvs = times(5_000, () => drawInterarrivalCv(random));
    between(quantile(cvs, 0.05), 0.4, 0.9, '5th percentile of CV');
    between(quantile(cvs, 0.5), 1, 1.4, 'median CV');
    between(quantile(cvs, 0.95), 6, 11, '95th percentile of CV');
  });

  const lengths: readonly [Category, 'input' | 'output', number, number][] = [
    ['code', 'input', 7.0, 1.36],
    ['complete', 'output', 2.79, 0.85],
    ['chat', 'input', 6.63, 0.99],
    ['chat', 'output', 5.02, 0.86],
    ['rag', 'input', 8.74, 1.2],
  ];
  for (const [category, side, mu, sigma] of lengths) {
    it(`has ${side} lengths of ${category} near ln-normal(${mu}, ${sigma}) over all clients`, () => {
      const random = createRandom(`${category} ${side}`);
      const logs = times(4_000, () => drawShape(random, category)[side]).flatMap((length) =>
        times(3, () => Math.log(logNormal(random, length.mu, length.sigma))),
      );
      between(quantile(logs, 0.5), mu - 0.15, mu + 0.15, 'mu');
      between((quantile(logs, 0.84) - quantile(logs, 0.16)) / 2, sigma * 0.85, sigma * 1.15, 'sigma');
    });
  }

  it('asks for at least as many tokens as its template has text', () => {
    const random = createRandom('tokens');
    const [work] = drawWork(random, createPromptLibrary(), 'rag', 0);
    assert.ok(work !== undefined);
    const characters = times(200, () => work.prompt.render(random).length);
    between(
      work.prompt.minimumTokens,
      quantile(characters, 0.5) / 6,
      quantile(characters, 0.5) / 2.5,
      'minimum tokens',
    );
    assert.equal(clamp(1, work.prompt.minimumTokens, 1e6), work.prompt.minimumTokens);
  });

  it('fails in 1 to 5 percent of the calls, and half or more of the accounts stay small', () => {
    const { all, byAccount, truth } = readSimulation('demo', { scale: 0.25, text: 'none' }, 5);
    const benign = new Set(truth.filter((row) => row.kind === 'benign').map((row) => row.account_id));
    const calls = all.filter((call) => benign.has(call.account_id));
    between(calls.filter((call) => call.status_code !== 200).length / calls.length, 0.01, 0.05, 'failures');
    const perDay = [...benign].map((id) => (byAccount.get(id)?.length ?? 0) / 3);
    between(quantile(perDay, 0.5), 3, 20, 'median calls a day');
    between(quantile(perDay, 0.99), 60, 2_500, '99th percentile of calls a day');
    const working = calls.filter(
      (call) => (call.occurred_at / 3_600_000) % 24 >= 13 && (call.occurred_at / 3_600_000) % 24 < 19,
    ).length;
    const night = calls.filter((call) => (call.occurred_at / 3_600_000) % 24 < 6).length;
    assert.ok(working > night * 1.1, `no daily rhythm: ${working} by day, ${night} by night`);
  });
});
