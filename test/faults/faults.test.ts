import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { clickHouseReplyLost } from './clickhouse.ts';
import type { Fault } from './fault.ts';
import { type Input, makeInput } from './harness/input.ts';
import { referenceRun, runFault } from './harness/run-fault.ts';
import { emptyParts, type Snapshot } from './harness/snapshot.ts';
import { killInTransaction } from './kill-in-transaction.ts';
import { killServices } from './kill-services.ts';
import { terminate } from './terminate.ts';
import { zombie } from './zombie.ts';

/** The short form of `npm run test:faults`: the most important faults, one after the other on one stack. */
const SEED = Number(process.env['STILLWATCH_TEST_SEED'] ?? 1);
const ROUNDS: readonly Fault[] = [
  ...Array<Fault>(4).fill(killServices),
  killInTransaction(),
  clickHouseReplyLost,
  terminate,
];
const short: Fault = {
  name: 'short-form',
  what: 'kill -9 at random and in transactions, a lost reply, SIGTERM',
  perHundred: ROUNDS.length,
  round: async (rig, random, round) => (await ROUNDS[round]?.round(rig, random, round)) ?? '',
};

let folder = '';
let input: Input;
let reference: Snapshot;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-faults-'));
  input = await makeInput({ folder, partitions: 3, seed: SEED, scale: 1 });
  reference = await referenceRun({ folder, input });
});
after(() => rm(folder, { recursive: true, force: true }));

test('what is compared is not empty: windows, assignments, alerts, dead letters, late calls, and who was told', () => {
  assert.deepEqual(emptyParts(reference), []);
});

test('services killed with -9 again and again leave what an undisturbed run leaves, row for row', {
  timeout: 600_000,
}, async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const options = { folder, input, rounds: ROUNDS.length, seed: SEED, say: (line: string) => t.diagnostic(line) };
  const { equal, why } = await runFault(short, reference, options);
  assert.ok(equal, why);
});

test('a runner whose transactions can lose their offsets is found out', { timeout: 600_000 }, async (t) => {
  const fault = killInTransaction('drop-offset');
  const options = { folder, input, rounds: 3, seed: SEED, say: (line: string) => t.diagnostic(line) };
  const { equal, why } = await runFault(fault, reference, options);
  assert.equal(equal, false, 'output without its offsets was not noticed');
  // It does not come to rows that were written twice: the runner sees that its state is ahead of its offsets, and stops.
  assert.match(why, /calls was ended by itself or somebody else: 3/);
});

test('a runner that does not fence the older owner of a partition is found out', { timeout: 600_000 }, async (t) => {
  const fault = zombie('skip-fence');
  const options = { folder, input, rounds: 1, seed: SEED, say: (line: string) => t.diagnostic(line) };
  const { equal, why } = await runFault(fault, reference, options);
  assert.equal(equal, false, 'what a zombie wrote was not noticed');
  // Rows differ; or, before they are compared, a runner has seen that its state is not what its offsets say, and stopped.
  assert.match(why, /more than in the reference|was ended by itself/);
});
