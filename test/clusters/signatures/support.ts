import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Signature, SubjectView } from '../../../services/clusters/signatures/signature.ts';
import { parseRules } from '../../../services/rules/parse.ts';
import { type ResolvedRules, resolveRules } from '../../../services/rules/resolve.ts';
import { VOCABULARY } from '../../../services/rules/vocabulary.ts';

/** Traffic as a signature sees it: features by hand, everything else with a value that hides nothing. */
export interface Drawn {
  features: Record<string, number>;
  /** What is usual in the cohort, for every feature. */
  usual?: number;
  /** Mean over everybody, for every feature; nobody is known when left out. */
  mean?: number;
  accounts?: number;
  prompts?: number;
  calls?: number;
  samePayer?: number;
  isDeclared?: boolean;
  subjectType?: SubjectView['subjectType'];
}

export interface Cases {
  /** Scores at least this on `positive`. */
  fires?: number;
  positive: Drawn;
  /** Honest traffic that comes near, by what it is: scores at most 0.25. */
  nearMisses: Record<string, Drawn>;
  tooLittle: Drawn;
}

const NEAR = 0.25;

export function shippedRules(): ResolvedRules {
  const parsed = parseRules(
    readFileSync(new URL('../../../infra/rules/stillwatch.yaml', import.meta.url), 'utf8'),
    VOCABULARY,
  );
  assert.ok(parsed.ok);
  return resolveRules(parsed.rules, () => null);
}

export function view({
  features,
  usual = 0,
  mean,
  accounts = 40,
  prompts = 500,
  calls = 500,
  samePayer = 0,
  isDeclared = false,
  subjectType = 'cluster',
}: Drawn): SubjectView {
  return {
    subjectType,
    features: new Map(Object.entries(features)),
    prompts,
    calls,
    accounts,
    samePayer,
    isDeclared,
    mean: () => mean ?? null,
    place: () => ({ percentile: 50, usual, note: '' }),
  };
}

/** Scored with the thresholds that ship; null: too little seen. */
export function score(signature: Signature, drawn: Drawn): number | null {
  const thresholds = shippedRules().signatures[signature.name]?.thresholds ?? {};
  const result = signature.evaluate(view(drawn), thresholds);
  if (result === null) return null;
  const sum = result.features.reduce((total, { contribution }) => total + contribution, 0);
  assert.ok(Math.abs(sum - result.score) < 1e-9, 'contributions add up to the score');
  assert.ok(result.score >= 0 && result.score <= 1 + 1e-9, `a score of ${result.score}`);
  return result.score;
}

/** What every signature must show of itself: it fires, it lets near misses pass, it keeps still on too little, and it has no cliff. */
export function testSignature(signature: Signature, { fires = 0.8, positive, nearMisses, tooLittle }: Cases): void {
  const { name } = signature;
  test(`${name} fires on the traffic it is for`, () => {
    const got = score(signature, positive);
    assert.ok(got !== null && got >= fires, `scored ${got}`);
  });
  for (const [what, drawn] of Object.entries(nearMisses)) {
    test(`${name} lets pass ${what}`, () => {
      const got = score(signature, drawn);
      assert.ok(got !== null && got <= NEAR, `scored ${got}`);
    });
  }
  test(`${name} says nothing of too little`, () => {
    assert.equal(score(signature, tooLittle), null);
  });
  test(`${name} rises without a cliff between a near miss and its traffic`, () => {
    for (const [what, drawn] of Object.entries(nearMisses)) {
      let before = score(signature, drawn) ?? 0;
      for (let step = 1; step <= 100; step++) {
        const now = score(signature, between(drawn, positive, step / 100)) ?? 0;
        assert.ok(now - before <= 0.1, `${what}: from ${before} to ${now} at step ${step}`);
        before = now;
      }
    }
  });
  test(`${name} reads the thresholds that it declares, and the shipped rules write no other`, () => {
    const read = new Set<string>();
    const thresholds = new Proxy(shippedRules().signatures[name]?.thresholds ?? {}, {
      get(target, key) {
        if (typeof key === 'string') read.add(key);
        return Reflect.get(target, key);
      },
    });
    signature.evaluate(view(positive), thresholds);
    assert.deepEqual(
      [...read].filter((key) => !signature.thresholds.includes(key)),
      [],
    );
    assert.deepEqual(Object.keys(thresholds).sort(), [...signature.thresholds].sort());
  });
}

/** A feature that only one of the two has is the same in both: cases that a cliff is looked for between give the same features. */
function between(from: Drawn, to: Drawn, share: number): Drawn {
  const names = new Set([...Object.keys(from.features), ...Object.keys(to.features)]);
  const mix = (a: number | undefined, b: number | undefined): number => {
    const start = a ?? b ?? 0;
    return start + share * ((b ?? start) - start);
  };
  return {
    ...to,
    features: Object.fromEntries([...names].map((key) => [key, mix(from.features[key], to.features[key])])),
    usual: mix(from.usual ?? 0, to.usual ?? 0),
    prompts: Math.round(mix(from.prompts ?? 500, to.prompts ?? 500)),
  };
}
