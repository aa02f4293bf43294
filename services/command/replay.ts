import { Command } from 'commander';
import { createHasher } from '../fingerprint/hasher.ts';
import { replay } from '../replay/replay.ts';
import { buildEnrich } from '../run/calls.ts';
import { readRules } from '../run/context.ts';
import { type CommonOptions, configOf, lineErrors, requireFiles, withConfig } from './common.ts';

interface Options extends CommonOptions {
  calls: string[];
  accounts: string[];
  rules?: string;
  out: string;
  json?: boolean;
}

const A_DAY = 24 * 60 * 60_000;

export function replayCommand(): Command {
  return withConfig(new Command('replay'))
    .description('the live detector over files: no Kafka, no ClickHouse; same input, same rules, same bytes')
    .requiredOption('--calls <files...>', 'calls*.jsonl, each ordered by occurred_at; plain or .gz')
    .option('--accounts <files...>', 'accounts*.jsonl', [])
    .option('--rules <file>', 'rule file; without it, the rules that come with stillwatch')
    .requiredOption(
      '--out <dir>',
      'folder for alerts.jsonl, flagged-accounts.jsonl, account-windows.jsonl, cluster-windows.jsonl, summary.json',
    )
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  stillwatch simulate --scenario demo --seed 1 --out /tmp/traffic\n  stillwatch replay --calls /tmp/traffic/calls.jsonl --accounts /tmp/traffic/accounts.jsonl --out /tmp/replayed\n\nExit code: 0; 1 on an error; bad lines are reported and do not change it.\n',
    )
    .action(async ({ calls, accounts, rules, out, json, ...common }: Options) => {
      requireFiles([...calls, ...accounts]);
      const { config } = configOf(common);
      const hasher = await createHasher(config.hashing.key);
      const errors = lineErrors((line) => process.stderr.write(`${line}\n`));
      const isTerminal = process.stderr.isTTY === true;
      const summary = await replay({
        calls,
        accounts,
        out,
        rules: readRules(rules ?? config.rules.file),
        grace: config.stream.grace_ms,
        database: config.clickhouse.database,
        bounds: { earliest: Date.parse(config.calls.earliest), latest: Date.now() + A_DAY },
        enrich: await buildEnrich(config, hasher),
        hasher,
        onLineError: errors.report,
        progress: (count) => isTerminal && process.stderr.write(`\r${count} calls`),
      });
      if (isTerminal) process.stderr.write('\r');
      if (json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
      else
        process.stdout.write(
          `${summary.calls_in} calls: ${summary.alerts} alert messages, ${summary.late} late, ${summary.duplicate} duplicate, ${errors.count()} bad lines; written to ${out} in ${summary.wall_seconds.toFixed(1)} s\n`,
        );
    });
}
