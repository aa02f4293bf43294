import { Command } from 'commander';
import { type CheckResult, runChecks } from '../doctor/check.ts';
import { clickHouseChecks } from '../doctor/clickhouse-checks.ts';
import { fileChecks } from '../doctor/file-checks.ts';
import { kafkaChecks } from '../doctor/kafka-checks.ts';
import { keyCheck } from '../doctor/key-check.ts';
import { notifyChecks } from '../doctor/notify-checks.ts';
import { DEFAULT_RULES, kafkaSettings, openClickHouse, openCodecs, openLog } from '../run/context.ts';
import { createKafkaClient } from '../stream/kafka/client.ts';
import { type CommonOptions, configOf, withConfig } from './common.ts';

interface Options extends CommonOptions {
  json?: boolean;
}

/** Milliseconds for one check. */
const TIMEOUT = 15_000;

const MARKS: Readonly<Record<CheckResult['outcome'], string>> = { ok: 'ok', warn: 'WARN', fail: 'FAIL', skipped: '-' };

export function doctorCommand(): Command {
  return withConfig(new Command('doctor'))
    .description('look whether everything that services need is there and in order, and say how to mend what is not')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nLooks at: the broker, the topics, ClickHouse, its tables and its clock, the schemas, the schema registry, the rules, the hashing key, the targets of alerts (their secrets,\nroutes and addresses; nothing is sent to them: stillwatch notify test does that) and the silences. Changes nothing, but registers\nour schemas where a registry is set, as services do when they start.\n\nExample:\n  stillwatch doctor --config stillwatch.yaml\n\nExit codes: 0 nothing has failed, 1 something has, 2 wrong use.\n',
    )
    .action(async ({ json, ...common }: Options) => {
      const loaded = configOf(common);
      const { config } = loaded;
      const admin = createKafkaClient(kafkaSettings(config, 'stillwatch-doctor'), openLog('doctor', loaded)).admin();
      const clickHouse = openClickHouse(config);
      try {
        const results = await runChecks(
          [
            ...fileChecks({
              config,
              defaultRules: DEFAULT_RULES,
              registerSchemas: () => openCodecs(config),
              now: Date.now,
            }),
            keyCheck(config),
            ...kafkaChecks(admin, config),
            ...clickHouseChecks(clickHouse, config, Date.now),
            ...notifyChecks({ ...loaded, clickHouse, now: Date.now }),
          ],
          TIMEOUT,
        );
        process.stdout.write(json === true ? `${JSON.stringify(results)}\n` : results.map(lines).join(''));
        if (results.some(({ outcome }) => outcome === 'fail')) process.exitCode = 1;
      } finally {
        await Promise.all([admin.disconnect(), clickHouse.close()]);
      }
    });
}

function lines({ name, outcome, what, mend }: CheckResult): string {
  const found = `${MARKS[outcome].padEnd(5)} ${name.padEnd(12)} ${what}\n`;
  return mend === null ? found : `${found}${' '.repeat(19)}to mend it: ${mend}\n`;
}
