import type { ClickHouse } from '../platform/clickhouse.ts';
import { openClickHouse } from '../run/context.ts';
import { type CommonOptions, configOf } from './common.ts';

/** Opens the configured ClickHouse for one piece of work, and closes it. */
export async function withClickHouse<Result>(
  options: CommonOptions,
  work: (clickHouse: ClickHouse, database: string) => Promise<Result>,
): Promise<Result> {
  const { config } = configOf(options);
  const clickHouse = openClickHouse(config);
  try {
    await clickHouse.check();
    return await work(clickHouse, config.clickhouse.database);
  } finally {
    await clickHouse.close();
  }
}
