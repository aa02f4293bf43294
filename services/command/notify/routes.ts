import { Command, Option } from 'commander';
import { alertId } from '../../clusters/score/alerting.ts';
import { type EffectiveSilence, silencesInForce } from '../../feedback/silences.ts';
import { quietHoursAt } from '../../notify/quiet-hours.ts';
import { isRouted, matchingRoutes, type RoutedBy } from '../../notify/routing.ts';
import { silenceOf } from '../../notify/silences.ts';
import { targetNames } from '../../notify/targets/from-config.ts';
import type { Config } from '../../platform/config/schema.ts';
import type { Severity, Verdict } from '../../records/alert.ts';
import { withClickHouse } from '../clickhouse.ts';
import { type CommonOptions, configOf, moment, withConfig } from '../common.ts';
import { formatTable, formatTime } from '../table.ts';

interface Options extends CommonOptions {
  severity: Severity;
  verdict: Verdict;
  cohort: string;
  at?: number;
  cluster?: string;
  account?: string;
  json?: boolean;
}

export function routesCommand(): Command {
  return withConfig(new Command('routes'))
    .description('which targets would be told of a new alert, and when; sends nothing, reads no secret of a target')
    .addOption(
      new Option('--severity <severity>', 'of the alert').choices(['page', 'ticket', 'info']).makeOptionMandatory(),
    )
    .addOption(
      new Option('--verdict <verdict>', 'of the alert')
        .choices(['harvesting', 'coordinated_pool'])
        .makeOptionMandatory(),
    )
    .option('--cohort <name>', 'of the alert, as it names it: for routes by cohort', '')
    .option('--at <time>', 'wall-clock time, for quiet hours and silences; now when absent', moment)
    .addOption(new Option('--cluster <id>', 'whom it is about, for silences: asks ClickHouse').conflicts('account'))
    .option('--account <id>', 'the same for an account')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
A target that was told of an alert is told of everything that follows, its end included, whatever the routes say of it by then.

Example:
  stillwatch notify routes --config stillwatch.yaml --severity ticket --verdict harvesting --at 2026-04-22T03:00:00Z
  stillwatch notify routes --config stillwatch.yaml --severity page --verdict harvesting --cluster c_1f2e

Exit codes: 0 somebody is told, 1 nobody is or ClickHouse does not answer, 2 wrong use.
`,
    )
    .action(async ({ severity, verdict, cohort, at = Date.now(), cluster, account, json, ...common }: Options) => {
      const { config } = configOf(common);
      const about = cluster ?? account;
      const silence =
        about === undefined || !config.notify.silences
          ? null
          : await withClickHouse(common, async (clickHouse, database) =>
              silenceOf(
                await silencesInForce(clickHouse, database, at),
                {
                  alert_id: alertId(about),
                  subject_type: cluster === undefined ? 'account' : 'cluster',
                  subject_id: about,
                },
                at,
              ),
            );
      const plan = planOf(config, { severity, verdict, cohort }, silence, at);
      if (json === true) process.stdout.write(`${JSON.stringify(plan)}\n`);
      else
        process.stdout.write(
          `${formatTable(
            ['target', 'told', 'because of'],
            plan.map(({ target, told, because }) => [target, told, because]),
          )}\n`,
        );
      if (plan.every(({ told }) => told === 'never')) process.exitCode = 1;
    });
}

interface Planned {
  target: string;
  told: 'at once' | 'later' | 'never';
  because: string;
}

function planOf(config: Config, judged: RoutedBy, silence: EffectiveSilence | null, at: number): Planned[] {
  const { routes, quiet_hours } = config.notify;
  return targetNames(config).map((target) => {
    if (!isRouted(routes, target, judged)) return { target, told: 'never', because: 'no route matches' };
    const matching = matchingRoutes(routes, target, judged);
    const because = [matching.length === 0 ? 'there are no routes' : `route ${matching.join(', ')}`];
    const quiet = quietHoursAt(quiet_hours, target, judged.severity, at);
    if (quiet !== null) because.push(`quiet until ${quiet.to} ${quiet.time_zone}`);
    if (silence !== null) because.push(`silenced until ${untilOf(silence)} by ${silence.author}: ${silence.reason}`);
    return { target, told: because.length === 1 ? 'at once' : 'later', because: because.join('; ') };
  });
}

function untilOf({ until_ms, ends_at_ms, end_cause }: EffectiveSilence): string {
  const until = `${formatTime(until_ms)} UTC`;
  return end_cause === 'idle' ? `${until}, or as late as ${formatTime(ends_at_ms)} if more comes` : until;
}
