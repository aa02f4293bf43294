import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Alert, Severity } from '../records/alert.ts';
import {
  type AlertHistory,
  CHANGE_NAMES,
  compareReplays,
  createReplayHistory,
  type ReplayDifference,
  type ReplayHistory,
} from '../replay/compare.ts';
import type { FlaggedAccount } from '../replay/flagged-accounts.ts';
import { readOwnLines } from '../replay/own-lines.ts';
import { type ReplayOptions, replay } from '../replay/replay.ts';
import { readRules } from '../run/context.ts';
import { bytesOf, type CommonOptions, collect, configOf, lineErrors, requireFiles, withConfig } from './common.ts';
import { createProgress } from './progress.ts';
import { replaySetup } from './replay-setup.ts';
import { formatTable, formatTime } from './table.ts';

interface Options extends CommonOptions {
  rules: string[];
  calls: string[];
  accounts: string[];
  json?: boolean;
}

export function backtestCommand(): Command {
  return withConfig(new Command('backtest'))
    .description('what other rules would have said: the same input under two rule files, and the difference')
    .requiredOption('--rules <file>', 'rule file; give two, the ones in force first', collect, [])
    .requiredOption('--calls <files...>', 'calls*.jsonl, each ordered by occurred_at; plain or .gz')
    .option('--accounts <files...>', 'accounts*.jsonl', [])
    .option('--json', 'print the difference as JSON')
    .addHelpText(
      'after',
      `
Alerts that only A or only B opens, whose highest severity differs, or that open at another time; and accounts whose highest
severity differs. Times are event time, UTC.

Example:
  stillwatch backtest --rules rules.yaml --rules stricter.yaml --calls calls.jsonl --accounts accounts.jsonl

Exit codes: 0 compared, whatever the difference; 1 on an error; 2 wrong use.
`,
    )
    .action(async ({ rules, calls, accounts, json, ...common }: Options, command: Command) => {
      const [a, b, ...more] = rules;
      if (a === undefined || b === undefined || more.length > 0)
        return command.error(`error: --rules was given ${rules.length} time(s); give it twice`, { exitCode: 2 });
      requireFiles([...calls, ...accounts]);
      const { config } = configOf(common);
      const [rulesA, rulesB] = [readRules(a), readRules(b)];
      const setup = await replaySetup(config, Date.now());
      const bar = createProgress(process.stderr, Date.now);
      const errors = lineErrors(bar.say);
      const size = bytesOf(calls);
      const progress = (place: 0 | 1) => (count: number, bytes: number) =>
        bar.at((place + bytes / size) / 2, `${count} calls under the ${place === 0 ? 'first' : 'second'} rules`);
      const first = await historyOf({
        ...setup,
        calls,
        accounts,
        rules: rulesA,
        onLineError: errors.report,
        progress: progress(0),
      });
      // The bad lines are the same: once is enough.
      const second = await historyOf({
        ...setup,
        calls,
        accounts,
        rules: rulesB,
        onLineError: () => {},
        progress: progress(1),
      });
      bar.end();
      const difference = compareReplays(first, second);
      if (json === true)
        process.stdout.write(
          `${JSON.stringify({ a: { file: a, hash: rulesA.hash }, b: { file: b, hash: rulesB.hash }, ...difference })}\n`,
        );
      else process.stdout.write(describe(difference, `${a} (${rulesA.hash})`, `${b} (${rulesB.hash})`));
    });
}

async function historyOf(options: Omit<ReplayOptions, 'out'>): Promise<ReplayHistory> {
  const out = await mkdtemp(join(tmpdir(), 'stillwatch-backtest-'));
  try {
    await replay({ ...options, out });
    const history = createReplayHistory();
    for await (const alert of readOwnLines<Alert>(join(out, 'alerts.jsonl'))) history.alert(alert);
    for await (const line of readOwnLines<FlaggedAccount>(join(out, 'flagged-accounts.jsonl'))) history.flagged(line);
    return history;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

const MOST_ACCOUNTS = 50;

function describe({ alerts, accounts, same }: ReplayDifference, a: string, b: string): string {
  const lines = [`A: ${a}`, `B: ${b}`, ''];
  if (alerts.length === 0) lines.push(`alerts: no difference, ${same} the same`);
  else
    lines.push(
      `alerts: ${alerts.length} differ, ${same} the same`,
      formatTable(
        ['change', 'alert', 'severity A', 'severity B', 'opened A', 'opened B', 'accounts'],
        alerts.map((row) => [
          CHANGE_NAMES[row.change],
          row.alert_id,
          severityOf(row.a),
          severityOf(row.b),
          openedOf(row.a),
          openedOf(row.b),
          String((row.b ?? row.a)?.account_count ?? 0),
        ]),
      ),
    );
  const shown = accounts.slice(0, MOST_ACCOUNTS);
  lines.push('', accounts.length === 0 ? 'accounts: no difference' : `accounts: ${accounts.length} differ`);
  if (shown.length > 0)
    lines.push(
      formatTable(
        ['account', 'A', 'B'],
        shown.map((row) => [row.account_id, nameOf(row.a), nameOf(row.b)]),
      ),
    );
  if (shown.length < accounts.length) lines.push(`and ${accounts.length - shown.length} more: --json has them all`);
  return `${lines.join('\n')}\n`;
}

function severityOf(history: AlertHistory | null): string {
  return nameOf(history?.severity ?? null);
}
function openedOf(history: AlertHistory | null): string {
  return history === null ? '-' : formatTime(history.opened_at);
}
function nameOf(severity: Severity | null): string {
  return severity ?? '-';
}
