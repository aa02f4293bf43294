/** One observation: what was seen, what it is, and how much it counts. */
export interface Observation {
  x: readonly number[];
  positive: boolean;
  weight: number;
}

export interface LogisticModel {
  intercept: number;
  weights: number[];
}

export interface LogisticOptions {
  /** What weights are before anything is observed: a Gaussian prior's mean. */
  prior: readonly number[];
  /** Strength of the ridge (L2) that holds every weight but the intercept to the prior. */
  ridge: number;
  iterations: number;
}

const STEP = 0.5;

/**
 * Ridge logistic regression with weights that cannot be negative, by projected gradient descent with Nesterov's momentum. Not a library: none of those in npm keeps signs, and what is needed
 * of one is these twenty lines. Deterministic: no random start, no random order.
 */
export function fitLogistic(
  observations: readonly Observation[],
  { prior, ridge, iterations }: LogisticOptions,
): LogisticModel {
  const total = observations.reduce((sum, { weight }) => sum + weight, 0);
  let model: LogisticModel = { intercept: 0, weights: [...prior] };
  let ahead = model;
  for (let iteration = 1; iteration <= iterations; iteration++) {
    let slope = 0;
    const slopes = ahead.weights.map((weight, place) => ridge * (weight - (prior[place] ?? 0)));
    for (const { x, positive, weight } of observations) {
      const error = ((predict(ahead, x) - (positive ? 1 : 0)) * weight) / total;
      slope += error;
      for (const [place, value] of x.entries()) slopes[place] = (slopes[place] ?? 0) + error * value;
    }
    const next: LogisticModel = {
      intercept: ahead.intercept - STEP * slope,
      weights: ahead.weights.map((weight, place) => Math.max(0, weight - STEP * (slopes[place] ?? 0))),
    };
    const momentum = (iteration - 1) / (iteration + 2);
    ahead = {
      intercept: next.intercept + momentum * (next.intercept - model.intercept),
      weights: next.weights.map((weight, place) =>
        Math.max(0, weight + momentum * (weight - (model.weights[place] ?? 0))),
      ),
    };
    model = next;
  }
  return model;
}

export function predict({ intercept, weights }: LogisticModel, x: readonly number[]): number {
  let z = intercept;
  for (const [place, weight] of weights.entries()) z += weight * (x[place] ?? 0);
  return 1 / (1 + Math.exp(-z));
}
