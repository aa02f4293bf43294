import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { StillwatchError } from '../../platform/errors.ts';
import type { Difference } from '../../rules/cases/expectation.ts';
import { runFeatureCase } from '../../rules/cases/feature-case.ts';
import { readCases } from '../../rules/cases/read.ts';
import { formatProblem } from '../../rules/problem.ts';
import { readRules } from '../../run/context.ts';
import { type CommonOptions, configOf, requireFiles, withConfig } from '../common.ts';
import { replaySetup } from '../replay-setup.ts';
import { runTrafficCase } from './traffic-case.ts';

interface Options extends CommonOptions {
  json?: boolean;
}

interface Outcome {
  file: string;
  name: string;
  passed: boolean;
  differences: Difference[];
}

export function testCommand(): Command {
  return withConfig(new Command('test'))
    .description('unit tests of rules: features in, verdict out; or simulated traffic in, accounts paged out')
    .argument('<files...>', 'test files, YAML; each names its rule file')
    .option('--json', 'print the outcomes as JSON')
    .addHelpText(
      'after',
      `
A test file:
  rules: ../stillwatch.yaml
  tests:
    - name: a dispatched queue of reasoning prompts pages
      subject: { type: cluster, accounts: 40, calls: 500 }
      features: { enumerated_share: 0.8, fresh_filling_share: 0.99, chain_of_thought_share: 0.5 }
      cohort: { chain_of_thought_share: { usual: 0.02, percentiles: { 95: 0.1 } } }
      expect: { verdict: harvesting, severity: page, signatures: { template-enumeration: [0.9, 1] } }
    - name: the small campaign is found and nobody else
      traffic: { scenario: small, seed: 11 }
      expect: { campaign_accounts_paged: [0.8, 1], other_accounts_paged: 0 }

Example:
  stillwatch rules test infra/rules/tests/*.yaml

Exit codes: 0 all passed, 1 some failed or a file cannot be used, 2 wrong use.
`,
    )
    .action(async (files: string[], { json, ...common }: Options) => {
      requireFiles(files, 'check the name');
      const { config } = configOf(common);
      const setup = await replaySetup(config, Date.now());
      const outcomes: Outcome[] = [];
      for (const file of files) {
        const { rules: named, tests } = casesIn(file);
        const rules = readRules(join(dirname(file), named));
        for (const test of tests) {
          const differences =
            'traffic' in test ? await runTrafficCase(test, rules, setup) : runFeatureCase(test, rules);
          outcomes.push({ file, name: test.name, passed: differences.length === 0, differences });
        }
      }
      const failed = outcomes.filter(({ passed }) => !passed).length;
      process.stdout.write(json === true ? `${JSON.stringify(outcomes)}\n` : describe(outcomes, failed));
      if (failed > 0) process.exitCode = 1;
    });
}

function casesIn(file: string) {
  const read = readCases(readFileSync(file, 'utf8'));
  if (read.ok) return read.cases;
  const problems = read.problems.map((problem) => formatProblem(file, problem));
  throw new StillwatchError(
    'RULES_INVALID',
    `The tests have ${problems.length} error(s):\n  ${problems.join('\n  ')}\n`,
    'see stillwatch rules test --help for what a test looks like',
  );
}

function describe(outcomes: readonly Outcome[], failed: number): string {
  const lines = outcomes.flatMap(({ file, name, passed, differences }) => [
    `${passed ? 'ok  ' : 'FAIL'}  ${file}: ${name}`,
    ...differences.map(({ what, expected, found }) => `        ${what}: expected ${expected}, found ${found}`),
  ]);
  return `${lines.join('\n')}\n${outcomes.length - failed} passed, ${failed} failed\n`;
}
