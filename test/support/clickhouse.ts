import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startClickHouse } from '../../infra/clickhouse/start.ts';

export interface TestClickHouse {
  /** What CLICKHOUSE_URL wants. */
  url: string;
  stop(): Promise<void>;
}

/** The one place that chooses the ClickHouse that tests run on: the one in CLICKHOUSE_URL, else an engine of our own. */
export async function startClickHouseForTest(): Promise<TestClickHouse> {
  const given = process.env['CLICKHOUSE_URL'];
  if (given !== undefined && given !== '') return { url: given, stop: async () => {} };
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-clickhouse-'));
  const server = await startClickHouse({ dir });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
