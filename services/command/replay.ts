import { Command } from 'commander';
import { StillwatchError } from '../platform/errors.ts';
import { KEPT_EVERY } from '../replay/kept-run.ts';
import { replay } from '../replay/replay.ts';
import { initialVersion, type RulesVersion } from '../rules/version.ts';
import { DEFAULT_RULES, hasherKeys, readRules } from '../run/context.ts';
import { bytesOf, type CommonOptions, collect, configOf, lineErrors, requireFiles, withConfig } from './common.ts';
import { createProgress } from './progress.ts';
import { replaySetup } from './replay-setup.ts';

interface Options extends CommonOptions {
  calls: string[];
  accounts: string[];
  rules: string[];
  out: string;
  resume?: string;
  thread?: boolean;
  json?: boolean;
}

export function replayCommand(): Command {
  return withConfig(new Command('replay'))
    .description('the live detector over files: no Kafka, no ClickHouse; same input, same rules, same bytes')
    .requiredOption('--calls <files...>', 'calls*.jsonl, each ordered by occurred_at; plain or .gz')
    .option('--accounts <files...>', 'accounts*.jsonl', [])
    .option(
      '--rules <file[@time]>',
      'rule file, in force from the beginning or from an event time on; may be given again; without it, the rules that come with stillwatch',
      collect,
      [],
    )
    .requiredOption(
      '--out <dir>',
      'folder for alerts.jsonl, flagged-accounts.jsonl, account-windows.jsonl, cluster-windows.jsonl, summary.json',
    )
    .option(
      '--resume <file>',
      'keep in this file, every million calls, where the replay is; if it was cut off, go on from there',
    )
    .option('--thread', 'look for links in a thread of its own: the same bytes, sooner where a core is to spare')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  stillwatch simulate --scenario demo --seed 1 --out /tmp/traffic\n  stillwatch replay --calls /tmp/traffic/calls.jsonl --accounts /tmp/traffic/accounts.jsonl --out /tmp/replayed\n\nRules that change on the way, as a live system reloads them (rules ls shows when it did):\n  stillwatch replay ... --rules before.yaml --rules after.yaml@2026-04-22T12:00:00Z\n\nExit codes: 0 replayed, with bad lines too, which are reported; 1 on an error; 2 wrong use.\n',
    )
    .action(async ({ calls, accounts, rules, out, resume, thread, json, ...common }: Options) => {
      requireFiles([...calls, ...accounts]);
      const { config } = configOf(common);
      const [first, ...reloads] = rulesOf(rules, config.rules.file);
      const bar = createProgress(process.stderr, Date.now);
      const errors = lineErrors(bar.say);
      const size = bytesOf(calls);
      const summary = await replay({
        calls,
        accounts,
        out,
        rules: first.rules,
        reloads,
        ...(resume === undefined ? {} : { resume: { file: resume, every: KEPT_EVERY } }),
        ...(thread === true ? { thread: hasherKeys(config) } : {}),
        ...(await replaySetup(config, Date.now())),
        onLineError: errors.report,
        progress: (count, bytes) => bar.at(bytes / size, `${count} calls`),
      });
      bar.end();
      if (json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
      else
        process.stdout.write(
          `${summary.calls_in} calls: ${summary.alerts} alert messages, ${summary.late} late, ${summary.duplicate} duplicate, ${errors.count()} bad lines; written to ${out} in ${summary.wall_seconds.toFixed(1)} s\n`,
        );
    });
}

/** The versions that `--rules` asks for, in the order of their times; the first is in force from the beginning. */
function rulesOf(given: readonly string[], configured: string): [RulesVersion, ...RulesVersion[]] {
  const versions = given.map((text, index): RulesVersion => {
    const at = text.lastIndexOf('@');
    const time = at === -1 ? Number.NaN : Date.parse(text.slice(at + 1));
    // A file's name may have an @ in it: only what follows as a time divides.
    return Number.isNaN(time)
      ? initialVersion(readRules(text))
      : { effective_at: time, published_at: index, origin: 'operator', rules: readRules(text.slice(0, at)) };
  });
  const beginning = versions.filter(({ effective_at }) => effective_at === 0);
  if (beginning.length > 1)
    throw new StillwatchError(
      'RULES_INVALID',
      `${beginning.length} rule files are in force from the beginning`,
      'say from when each of the others is: --rules FILE@2026-04-22T12:00:00Z',
    );
  const first = beginning[0] ?? initialVersion(readRules(configured === '' ? DEFAULT_RULES : configured));
  return [first, ...versions.filter((version) => version !== first)];
}
