import type { ClickHouse } from '../../platform/clickhouse.ts';
import { StillwatchError } from '../../platform/errors.ts';
import { createLog } from '../../platform/log.ts';
import { openClickHouse } from '../../run/context.ts';
import { type CommonOptions, configOf } from '../common.ts';

/** Opens the configured ClickHouse for one piece of work, and closes it. */
export async function withClickHouse<Result>(
  options: CommonOptions,
  work: (clickHouse: ClickHouse, database: string) => Promise<Result>,
): Promise<Result> {
  const { config } = configOf(options);
  const log = createLog({
    service: 'alerts',
    level: config.log.level,
    format: config.log.format,
    isTerminal: process.stderr.isTTY === true,
  });
  const clickHouse = openClickHouse(config, log);
  try {
    if (!(await clickHouse.ping()))
      throw new StillwatchError('CLICKHOUSE_UNREACHABLE', 'ClickHouse does not answer', 'check CLICKHOUSE_URL');
    return await work(clickHouse, config.clickhouse.database);
  } finally {
    await clickHouse.close();
  }
}
