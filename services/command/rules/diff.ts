import { Command } from 'commander';
import { diffRules } from '../../rules/diff.ts';
import type { Rules } from '../../rules/schema.ts';
import { readRules } from '../../run/context.ts';
import { type CommonOptions, requireFiles, withConfig } from '../common.ts';
import { formatTable } from '../table.ts';
import { IN_FORCE, publishedVersion } from './published.ts';

interface Options extends CommonOptions {
  exitCode?: boolean;
  json?: boolean;
}

interface Side {
  name: string;
  rules: Rules;
}

export function diffCommand(): Command {
  return withConfig(new Command('diff'))
    .description('what two rule files say differently; of one file, what applying it would change')
    .argument('<a>', 'rule file')
    .argument('[b]', 'another; without it, the rules in force are A and the file is B')
    .option('--exit-code', 'end with 1 when they differ')
    .option('--json', 'print the differences as JSON')
    .addHelpText(
      'after',
      `
Modes, thresholds, weights, severities and exceptions, each where it stands; comments and order mean nothing. What it would have meant for alerts:
stillwatch backtest.

Examples:
  stillwatch rules diff old.yaml new.yaml
  KAFKA_BROKERS=kafka:9092 stillwatch rules diff new.yaml --exit-code

Exit codes: 0 compared; 1 they differ (with --exit-code), a file has errors, or Kafka does not answer; 2 wrong use.
`,
    )
    .action(async (first: string, second: string | undefined, { exitCode, json, ...common }: Options) => {
      const ofFile = (name: string): Side => {
        requireFiles([name], 'check the name');
        return { name, rules: readRules(name) };
      };
      const [a, b] = second === undefined ? [await inForce(common), ofFile(first)] : [ofFile(first), ofFile(second)];
      const changes = diffRules(a.rules, b.rules);
      if (json === true) process.stdout.write(`${JSON.stringify({ a: named(a), b: named(b), changes })}\n`);
      else
        process.stdout.write(
          changes.length === 0
            ? 'no difference\n'
            : `A: ${a.name} (${a.rules.hash})\nB: ${b.name} (${b.rules.hash})\n\n${formatTable(
                ['where', 'A', 'B'],
                changes.map((change) => [change.path, shown(change.a), shown(change.b)]),
              )}\n`,
        );
      if (exitCode === true && changes.length > 0) process.exitCode = 1;
    });
}

async function inForce(options: CommonOptions): Promise<Side> {
  return { name: 'the rules in force', rules: (await publishedVersion(options, IN_FORCE)).rules };
}

function named({ name, rules }: Side): { name: string; hash: string } {
  return { name, hash: rules.hash };
}

function shown(value: unknown): string {
  return value === null ? '-' : typeof value === 'string' ? value : JSON.stringify(value);
}
