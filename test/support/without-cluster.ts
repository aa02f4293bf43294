import type { ClickHouse } from '../../services/platform/clickhouse.ts';

/** The engine here has no Keeper and no cluster: on it, a replicated table is a plain one, and a distributed one is a view of it that can be altered. */
export function withoutCluster(real: ClickHouse): ClickHouse {
  return {
    ...real,
    command: (sql) =>
      real.command(
        sql
          .replace(' ON CLUSTER prod', '')
          .replace(/Replicated(\w+)\('[^']+', '\{replica\}'(?:, (\w+))?\)/, (_, engine, version) =>
            version === undefined ? engine : `${engine}(${version})`,
          )
          .replace('SETTINGS replicated_', 'SETTINGS non_replicated_')
          .replace(
            /Distributed\('prod', '(\w+)', '(\w+)', .+\)$/,
            (_, database, local) => `Merge('${database}', '^${local}$')`,
          )
          // Rows cannot be put into such a table.
          .replace(/^INSERT INTO (\w+\.migrations) /, 'INSERT INTO $1_local '),
      ),
  };
}
