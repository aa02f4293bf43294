import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { startClickHouse } from '../../../infra/clickhouse/start.ts';
import { temporaryFolder } from './server.ts';

const ROUNDS = 4;
const BATCH = 500;
const WRITERS = 6;
/** Acknowledged batches after which a round's process is killed, with others under way. */
const KILL_AFTER = 40;

function clientOf(url: string): ClickHouseClient {
  return createClient({ url, log: { level: ClickHouseLogLevel.OFF } });
}

async function batches(client: ClickHouseClient): Promise<Map<number, number>> {
  const result = await client.query({
    query: 'SELECT batch, count() AS n FROM t GROUP BY batch',
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ batch: number; n: number }>();
  return new Map(rows.map(({ batch, n }) => [batch, Number(n)]));
}

test('kill -9 loses no acknowledged insert, and leaves none half written', async () => {
  const dir = await temporaryFolder();
  const acknowledged = new Set<number>();
  let next = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const process = await startClickHouse({ dir });
    const client = clientOf(process.url);
    try {
      await client.command({
        query: 'CREATE TABLE IF NOT EXISTS t (batch UInt32, i UInt32, s String) ENGINE=MergeTree ORDER BY (batch, i)',
      });
      const found = await batches(client);
      assert.deepEqual(
        [...acknowledged].filter((batch) => !found.has(batch)),
        [],
        `round ${round}: lost`,
      );
      assert.deepEqual(
        [...found].filter(([, n]) => n !== BATCH),
        [],
        `round ${round}: partial`,
      );
      if (round === ROUNDS) break;

      const until = acknowledged.size + KILL_AFTER;
      const write = async (): Promise<void> => {
        for (;;) {
          const batch = next++;
          const values = Array.from({ length: BATCH }, (_, i) => ({ batch, i, s: `${batch}/${i}` }));
          await client.insert({ table: 't', values, format: 'JSONEachRow' });
          acknowledged.add(batch);
          if (acknowledged.size === until) await process.kill();
        }
      };
      // Each writer goes on until its connection breaks.
      await Promise.all(Array.from({ length: WRITERS }, () => assert.rejects(write())));
      assert.ok(acknowledged.size >= until);
    } finally {
      await client.close();
      await process.kill();
    }
  }
  assert.ok(acknowledged.size >= ROUNDS * KILL_AFTER);
});
