import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { StillwatchError } from '../../platform/errors.ts';
import { type Coverage, coverageOf, isCovered } from '../../rules/cases/coverage.ts';
import { runFeatureCase } from '../../rules/cases/feature-case.ts';
import { readCases } from '../../rules/cases/read.ts';
import type { CaseFile } from '../../rules/cases/schema.ts';
import { formatProblem } from '../../rules/problem.ts';
import type { Rules } from '../../rules/schema.ts';
import { readRules } from '../../run/context.ts';
import { type CommonOptions, configOf, requireFiles, withConfig } from '../common.ts';
import { createProgress } from '../progress.ts';
import { replaySetup } from '../replay-setup.ts';
import { formatTable } from '../table.ts';
import { junitReport } from './junit.ts';
import type { Outcome } from './outcome.ts';
import { runTrafficCase } from './traffic-case.ts';

interface Options extends CommonOptions {
  junit?: string;
  coverage?: boolean;
  json?: boolean;
}

export function testCommand(): Command {
  return withConfig(new Command('test'))
    .description('unit tests of rules: features in, verdict out; or simulated traffic in, accounts paged out')
    .argument('<files...>', 'test files, YAML; each names its rule file')
    .option('--junit <file>', 'write the outcomes there, too, as a build server reads them')
    .option('--coverage', 'fail where a signature or a severity has no case that wants it, or none that does not')
    .option('--json', 'print the outcomes as JSON; with --coverage { outcomes, coverage }')
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

Examples:
  stillwatch rules test infra/rules/tests/*.yaml
  stillwatch rules test infra/rules/tests/*.yaml --coverage --junit rules.xml

Exit codes: 0 all passed; 1 some failed, something is not covered (with --coverage), or a file cannot be used; 2 wrong use.
`,
    )
    .action(async (files: string[], { json, junit, coverage, ...common }: Options) => {
      requireFiles(files, 'check the name');
      const { config } = configOf(common);
      const setup = await replaySetup(config, Date.now());
      const outcomes: Outcome[] = [];
      const suites = files.map(suiteIn);
      const bar = createProgress(process.stderr, Date.now);
      const all = suites.reduce((sum, { tests }) => sum + tests.length, 0);
      for (const { file, rules, tests } of suites) {
        for (const test of tests) {
          bar.at(outcomes.length / all, test.name);
          const differences =
            'traffic' in test ? await runTrafficCase(test, rules, setup) : runFeatureCase(test, rules);
          outcomes.push({ file, name: test.name, passed: differences.length === 0, differences });
        }
      }
      bar.end();
      const failed = outcomes.filter(({ passed }) => !passed).length;
      const covered = coverage === true ? coverageBy(suites) : null;
      if (junit !== undefined) writeFileSync(junit, junitReport(outcomes));
      if (json === true)
        process.stdout.write(`${JSON.stringify(covered === null ? outcomes : { outcomes, coverage: covered })}\n`);
      else process.stdout.write(`${describe(outcomes, failed)}${covered === null ? '' : describeCoverage(covered)}`);
      if (failed > 0 || covered?.some((one) => !isCovered(one)) === true) process.exitCode = 1;
    });
}

interface Suite {
  file: string;
  rules: Rules;
  tests: CaseFile['tests'];
}

function suiteIn(file: string): Suite {
  const { rules, tests } = casesIn(file);
  return { file, rules: readRules(join(dirname(file), rules)), tests };
}

/** Of each rule file by all the cases that name it. */
function coverageBy(suites: readonly Suite[]): (Coverage & { rules: string })[] {
  return [...Map.groupBy(suites, ({ rules }) => rules.hash).values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const tests = own.flatMap((suite) => suite.tests);
    return coverageOf(first.rules, tests).map((coverage) => ({ rules: first.rules.hash, ...coverage }));
  });
}

function describeCoverage(coverage: readonly (Coverage & { rules: string })[]): string {
  const rows = coverage.map((one) => [
    one.rules,
    one.kind,
    one.name,
    String(one.positive),
    String(one.negative),
    isCovered(one) ? '' : 'NOT COVERED',
  ]);
  return `\n${formatTable(['rules', 'kind', 'name', 'positive', 'negative', ''], rows)}\n`;
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
