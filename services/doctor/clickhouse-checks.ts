import type { ClickHouse } from '../platform/clickhouse.ts';
import type { Config } from '../platform/config/schema.ts';
import { pendingMigrations } from '../sink/migrate.ts';
import { type Check, ok } from './check.ts';

/** Clocks further apart than this make ages on the console wrong, and alerts look late. */
const MOST_SKEW = 5_000;

export function clickHouseChecks(
  clickHouse: Pick<ClickHouse, 'check' | 'query'>,
  config: Config,
  now: () => number,
): Check[] {
  const { database } = config.clickhouse;
  return [
    {
      name: 'clickhouse',
      needs: [],
      mend: 'check CLICKHOUSE_URL and the user in it',
      async look() {
        await clickHouse.check();
        const [row] = await clickHouse.query<{ version: string }>('SELECT version() AS version');
        return ok(`version ${row?.version}, database ${database}`);
      },
    },
    {
      name: 'tables',
      needs: ['clickhouse'],
      mend: 'grant the user what `stillwatch access clickhouse` prints for it',
      async look() {
        const pending = await pendingMigrations(clickHouse, database);
        if (pending.length === 0) return ok('up to date');
        return {
          outcome: 'warn',
          what: `not applied yet: ${pending.join(', ')}`,
          mend: 'stillwatch migrate up; `stillwatch run sink` applies them when it starts',
        };
      },
    },
    {
      name: 'clock',
      needs: ['clickhouse'],
      mend: 'look into the log of ClickHouse',
      async look() {
        const asked = now();
        const [row] = await clickHouse.query<{ at: string }>('SELECT toUnixTimestamp64Milli(now64(3)) AS at');
        const answered = now();
        // Within the time of the question nobody can tell.
        const ahead = Number(row?.at) - answered;
        const behind = asked - Number(row?.at);
        const skew = Math.max(ahead, behind, 0);
        if (skew <= MOST_SKEW) return ok(`ClickHouse's is within ${MOST_SKEW / 1_000} s of ours`);
        return {
          outcome: 'fail',
          what: `ClickHouse's is ${Math.round(skew / 1_000)} s ${ahead > 0 ? 'ahead of' : 'behind'} ours`,
          mend: 'let both machines follow a time server (chrony, systemd-timesyncd)',
        };
      },
    },
  ];
}
