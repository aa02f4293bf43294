import type { ClickHouse } from '../../platform/clickhouse.ts';
import { StillwatchError } from '../../platform/errors.ts';
import { openClickHouse, openLog } from '../../run/context.ts';
import { type CommonOptions, configOf } from '../common.ts';

/** Opens the configured ClickHouse for one piece of work, and closes it. */
export async function withClickHouse<Result>(
  options: CommonOptions,
  work: (clickHouse: ClickHouse, database: string) => Promise<Result>,
): Promise<Result> {
  const loaded = configOf(options);
  const { config } = loaded;
  const log = openLog('alerts', loaded);
  const clickHouse = openClickHouse(config, log);
  try {
    if (!(await clickHouse.ping()))
      throw new StillwatchError('CLICKHOUSE_UNREACHABLE', 'ClickHouse does not answer', 'check CLICKHOUSE_URL');
    return await work(clickHouse, config.clickhouse.database);
  } finally {
    await clickHouse.close();
  }
}
