import { StillwatchError } from '../../platform/errors.ts';
import { createRulesLedger } from '../../rules/ledger.ts';
import { furthestScored } from '../../rules/publish.ts';
import { type RulesVersion, versionAt } from '../../rules/version.ts';
import { VOCABULARY } from '../../rules/vocabulary.ts';
import { withAdmin } from '../../stream/kafka/with-admin.ts';
import type { CommonOptions } from '../common.ts';
import { type CommandKafka, openCommandKafka } from '../kafka.ts';

/** What the last word on rules is asked by, in place of a hash. */
export const IN_FORCE = 'in-force';

/** Every version that was published, in the order in which they take over. */
export async function publishedVersions(options: CommonOptions): Promise<RulesVersion[]> {
  return await versionsOf(await openCommandKafka(options, 'rules'));
}

/** The version that scoring judges by now, or the one of this hash or its beginning. Rejects with NOT_FOUND. */
export async function publishedVersion(options: CommonOptions, which: string): Promise<RulesVersion> {
  const deps = await openCommandKafka(options, 'rules');
  const versions = await versionsOf(deps);
  const hint = '`stillwatch rules ls` lists what was published';
  if (which === IN_FORCE) {
    const current = versionAt(versions, await scoredUpTo(deps));
    if (current === null) throw new StillwatchError('NOT_FOUND', 'no rules are in force', hint);
    return current;
  }
  const found = new Map(
    versions.filter(({ rules }) => rules.hash.startsWith(which)).map((version) => [version.rules.hash, version]),
  );
  const [version, ...others] = found.values();
  if (version === undefined) throw new StillwatchError('NOT_FOUND', `no rules ${which} were published`, hint);
  if (others.length > 0)
    throw new StillwatchError(
      'NOT_FOUND',
      `${which} begins ${found.size} hashes: ${[...found.keys()].join(', ')}`,
      'write more of it',
    );
  return version;
}

async function versionsOf(deps: CommandKafka): Promise<RulesVersion[]> {
  const ledger = createRulesLedger({ ...deps, vocabulary: VOCABULARY });
  await ledger.start();
  try {
    return await ledger.versions();
  } finally {
    await ledger.stop();
  }
}

/** Event time, milliseconds; 0 where nothing was scored yet. */
async function scoredUpTo({ kafka }: CommandKafka): Promise<number> {
  return (await withAdmin(kafka, furthestScored)) ?? 0;
}
