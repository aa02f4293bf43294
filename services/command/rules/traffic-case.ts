import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlaggedAccount } from '../../replay/flagged-accounts.ts';
import { readOwnLines } from '../../replay/own-lines.ts';
import { type ReplayOptions, replay } from '../../replay/replay.ts';
import { createDifferences, type Difference } from '../../rules/cases/expectation.ts';
import type { TrafficCase } from '../../rules/cases/schema.ts';
import type { Rules } from '../../rules/schema.ts';
import { createScenario } from '../../simulate/scenarios.ts';
import { writeSimulation } from '../../simulate/write.ts';

const RANK = { info: 0, ticket: 1, page: 2 } as const;

/** Simulates a scenario, replays it, and compares whom the rules accuse with who it was. */
export async function runTrafficCase(
  { traffic, expect }: TrafficCase,
  rules: Rules,
  setup: Pick<ReplayOptions, 'grace' | 'database' | 'runbooks' | 'bounds' | 'enrich' | 'hasher'>,
): Promise<Difference[]> {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-rules-test-'));
  try {
    const { scenario: name, seed, scale = 1 } = traffic;
    await writeSimulation({ out: folder, scenario: createScenario(name, { scale, text: 'full' }), seed });
    await replay({
      ...setup,
      calls: [join(folder, 'calls.jsonl')],
      accounts: [join(folder, 'accounts.jsonl')],
      out: join(folder, 'replayed'),
      rules,
      onLineError: ({ message }) => {
        throw new Error(`the simulator wrote a line that cannot be read: ${message}`);
      },
    });
    const campaign = new Set<string>();
    for await (const { account_id, kind } of readOwnLines<{ account_id: string; kind: string }>(
      join(folder, 'truth.jsonl'),
    ))
      if (kind === 'campaign') campaign.add(account_id);
    const paged = new Set<string>();
    const highest = new Map<string, FlaggedAccount['severity']>();
    for await (const flag of readOwnLines<FlaggedAccount>(join(folder, 'replayed/flagged-accounts.jsonl'))) {
      if (flag.severity === 'page') paged.add(flag.account_id);
      const before = highest.get(flag.alert_id);
      if (before === undefined || RANK[flag.severity] > RANK[before]) highest.set(flag.alert_id, flag.severity);
    }
    const found = [...paged].filter((account) => campaign.has(account)).length;
    const severities = [...highest.values()];
    const differences = createDifferences();
    differences.within(
      'campaign_accounts_paged',
      expect.campaign_accounts_paged,
      campaign.size === 0 ? 0 : found / campaign.size,
    );
    if (expect.other_accounts_paged !== undefined)
      differences.within('other_accounts_paged', [0, expect.other_accounts_paged], paged.size - found);
    for (const severity of ['page', 'ticket', 'info'] as const)
      differences.within(
        `alerts.${severity}`,
        expect.alerts?.[severity],
        severities.filter((own) => own === severity).length,
      );
    return differences.list;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
