import { Command, Option } from 'commander';
import { quietHoursAt } from '../../notify/quiet-hours.ts';
import { isRouted, matchingRoutes } from '../../notify/routing.ts';
import { targetNames } from '../../notify/targets/from-config.ts';
import type { Config } from '../../platform/config/schema.ts';
import type { Severity, Verdict } from '../../records/alert.ts';
import { type CommonOptions, configOf, moment, withConfig } from '../common.ts';
import { formatTable } from '../table.ts';

interface Options extends CommonOptions {
  severity: Severity;
  verdict: Verdict;
  at?: number;
  json?: boolean;
}

export function routesCommand(): Command {
  return withConfig(new Command('routes'))
    .description('which targets would be told of a new alert, and when; sends nothing, reads no secret')
    .addOption(
      new Option('--severity <severity>', 'of the alert').choices(['page', 'ticket', 'info']).makeOptionMandatory(),
    )
    .addOption(
      new Option('--verdict <verdict>', 'of the alert')
        .choices(['harvesting', 'coordinated_pool'])
        .makeOptionMandatory(),
    )
    .option('--at <time>', 'wall-clock time, for the quiet hours; now when absent', moment)
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
A target that was told of an alert is told of everything that follows, its end included, whatever the routes say of it by then.

Example:
  stillwatch notify routes --config stillwatch.yaml --severity ticket --verdict harvesting --at 2026-04-22T03:00:00Z

Exit codes: 0 somebody is told, 1 nobody is, 2 wrong use.
`,
    )
    .action(({ severity, verdict, at, json, ...common }: Options) => {
      const plan = planOf(configOf(common).config, { severity, verdict }, at ?? Date.now());
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

export function planOf(config: Config, judged: { severity: Severity; verdict: Verdict }, at: number): Planned[] {
  const { routes, quiet_hours } = config.notify;
  return targetNames(config).map((target) => {
    if (!isRouted(routes, target, judged)) return { target, told: 'never', because: 'no route matches' };
    const matching = matchingRoutes(routes, target, judged);
    const because = matching.length === 0 ? 'there are no routes' : `route ${matching.join(', ')}`;
    const quiet = quietHoursAt(quiet_hours, target, judged.severity, at);
    if (quiet === null) return { target, told: 'at once', because };
    return { target, told: 'later', because: `${because}; quiet until ${quiet.to} ${quiet.time_zone}` };
  });
}
