import type { Config } from '../platform/config/schema.ts';
import type { ReplayOptions } from '../replay/replay.ts';
import { buildEnrich } from '../run/calls.ts';
import { openHasher } from '../run/context.ts';

const A_DAY = 24 * 60 * 60_000;

/** What every replay takes from the configuration. */
export async function replaySetup(
  config: Config,
  now: number,
): Promise<Pick<ReplayOptions, 'grace' | 'database' | 'runbooks' | 'bounds' | 'enrich' | 'hasher'>> {
  const hasher = openHasher(config);
  return {
    grace: config.stream.grace_ms,
    database: config.clickhouse.database,
    runbooks: config.rules.runbooks_url,
    bounds: { earliest: Date.parse(config.calls.earliest), latest: now + A_DAY },
    enrich: await buildEnrich(config, hasher),
    hasher,
  };
}
