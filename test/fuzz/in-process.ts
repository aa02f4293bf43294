import assert from 'node:assert/strict';
import { createProfileTable } from '../../services/calls/profile-table.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import { readAccountMessage } from '../../services/links/account-message.ts';
import { type Codecs, createCodecs } from '../../services/records/codec/codecs.ts';
import { registrySchemas } from '../../services/records/codec/schema-registry.ts';
import { initialVersion } from '../../services/rules/version.ts';
import { sinkSources } from '../../services/sink/sources.ts';
import { lastClose } from '../../services/stream/idle.ts';
import type { KafkaMessage } from '../../services/stream/kafka/client.ts';
import { readMark } from '../../services/stream/kafka/marks.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { startRegistry } from '../faults/harness/registry.ts';
import { enrichWith, shippedRules } from '../support/shipped.ts';
import { mutants } from './generator.ts';
import { createLine } from './line.ts';
import type { Mutant } from './mutant.ts';
import { describe, imbalance, type Tally } from './tally.ts';
import { foreignSchemas } from './writers.ts';

export interface FuzzOptions {
  inputs: number;
  seed: number;
  progress?(done: number): void;
}

export interface FuzzResult extends Tally {
  /** Kinds that had their turn. */
  kinds: number;
  /** The input that took longest. */
  slowest: { milliseconds: number; what: string };
}

const GRACE = 60_000;
const EARLIEST = Date.UTC(2020, 0, 1);
const BATCH = 500;
/** Batches between two checkpoints of the whole state. */
const CHECKPOINT_EVERY = 20;
/** An input that takes more CPU time than this holds up the line, milliseconds: ten megabytes of text take a part of a second. */
const STALL = 10_000;

/**
 * Mutants through calls, links and clusters as they stand in Kafka (decode, validate, every step, every encoding, the rows for ClickHouse), in this process. Fails
 * at the first exception, at a message whose fate is not the one it must have, at a dead letter that is not whole, and when the sum is not exact.
 */
export async function fuzzInProcess({ inputs, seed, progress }: FuzzOptions): Promise<FuzzResult> {
  const registry = await startRegistry({ foreign: foreignSchemas() });
  try {
    const schemas = registrySchemas({ url: registry.url, fetch, monotonicNow: () => performance.now(), subjects: {} });
    await schemas.register();
    return await run(createCodecs(schemas), { inputs, seed, ...(progress === undefined ? {} : { progress }) });
  } finally {
    await registry.close();
  }
}

async function run(codecs: Codecs, { inputs, seed, progress }: FuzzOptions): Promise<FuzzResult> {
  const hasher = createHasher('a key for tests');
  const profiles = createProfileTable();
  const tally = createCollector(codecs);
  const line = createLine({
    codecs,
    hasher,
    rules: initialVersion(shippedRules()),
    grace: GRACE,
    earliest: EARLIEST,
    profileAt: profiles.profileAt,
    enrich: enrichWith(hasher),
    written: tally.written,
    rejected: tally.rejected,
    counted: tally.counted,
  });
  const prototype = Object.getOwnPropertyNames(Object.prototype).join();
  const offsets = { calls: 0, accounts: 0 };
  const kinds = new Set<string>();
  const slowest = { milliseconds: 0, what: '' };

  const send = (mutant: Mutant): void => {
    const { kind, key, value, timestamp } = mutant;
    const offset = String(offsets[kind.topic]++);
    const message = { key, value, offset, timestamp: String(timestamp), attributes: 0, headers: {} };
    tally.sent(mutant, offset);
    const begun = process.threadCpuUsage();
    if (kind.topic === 'accounts') {
      // As the service `calls` keeps its table (run/calls.ts).
      const change = readAccountMessage(codecs, message);
      if (change.ok && change.value.account !== null) profiles.apply(change.value.account);
      if (change.ok && change.value.account === null) profiles.remove(change.value.account_id, change.value.at);
      line.accounts(message);
    } else line.calls(message);
    const { user, system } = process.threadCpuUsage(begun);
    const milliseconds = (user + system) / 1_000;
    if (milliseconds > slowest.milliseconds) Object.assign(slowest, { milliseconds, what: describe(mutant) });
    assert.ok(milliseconds < STALL, `held up the line for ${milliseconds} ms: ${describe(mutant)}`);
  };

  let batch: Mutant[] = [];
  let batches = 0;
  const flush = async (): Promise<void> => {
    await codecs.prepare(batch);
    for (const mutant of batch) {
      kinds.add(mutant.kind.name);
      try {
        send(mutant);
      } catch (error) {
        throw new Error(`seed ${seed}, ${describe(mutant)}`, { cause: error });
      }
      tally.judge(mutant);
    }
    await line.commit(++batches % CHECKPOINT_EVERY === 0);
    tally.settled();
    progress?.(batches * BATCH);
    batch = [];
  };
  for (const mutant of mutants({ seed, inputs, codecs, hasher })) {
    batch.push(mutant);
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  await line.end(lastClose);
  assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), prototype, 'a prototype was changed');
  const result = { ...tally.result(), kinds: kinds.size, slowest };
  assert.equal(imbalance(result), null);
  return result;
}

/** Counts what comes out, by looking at what is written and nothing else, and checks each dead letter against what was sent. */
function createCollector(codecs: Codecs) {
  const sources = new Map(sinkSources(codecs).map((source) => [source.topic, source]));
  const counts = { inputs: 0, processed: 0, dead: 0, late: 0, duplicate: 0 };
  const accounts = { inputs: 0, applied: 0, dead: 0 };
  const byReason = new Map<string, number>();
  /** Refused and not yet seen on the topic of dead letters. */
  const awaited = new Map<string, Mutant>();
  let refused: string | null = null;
  let place = '';

  const readLetter = (message: KafkaMessage): void => {
    const decoded = codecs.of('dead-letter').decode(message.value);
    assert.ok(decoded.ok, 'a dead letter can be read');
    const { reason, detail, topic, partition, offset, key, value } = decoded.value;
    const id = `${topic}/${partition}/${offset}`;
    const mutant = awaited.get(id);
    assert.ok(mutant !== undefined, `a dead letter of what was not refused: ${id}`);
    awaited.delete(id);
    const same = (a: Uint8Array | null, b: Buffer | null): boolean =>
      a === null || b === null ? a === b : b.equals(Buffer.from(a.buffer, a.byteOffset, a.byteLength));
    assert.ok(same(value, mutant.value) && same(key, mutant.key), `the original bytes: ${describe(mutant)}`);
    assert.ok(reason !== '' && detail !== '', describe(mutant));
    byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
    if (mutant.kind.topic === 'calls') counts.dead++;
    else accounts.dead++;
  };

  return {
    sent(mutant: Mutant, offset: string): void {
      refused = null;
      place = `${TOPICS[mutant.kind.topic]}/0/${offset}`;
      if (mutant.kind.topic === 'calls') counts.inputs++;
      else accounts.inputs++;
    },
    rejected(_: string, reason: string): void {
      refused = reason;
    },
    judge(mutant: Mutant): void {
      const { fate, topic } = mutant.kind;
      if (refused !== null) awaited.set(place, mutant);
      else if (topic === 'accounts') accounts.applied++;
      const became = refused === null ? 'alive' : 'dead';
      assert.ok(fate === 'any' || fate === became, `must be ${fate}, is ${became} (${refused}): ${describe(mutant)}`);
    },
    written(topic: string, message: KafkaMessage): void {
      if (readMark(message) !== null) return;
      if (topic === TOPICS.deadLetters) readLetter(message);
      if (topic === TOPICS.lateCalls) counts.late++;
      if (topic === TOPICS.accountWindows) {
        const window = codecs.of('account-window').decode(message.value);
        assert.ok(window.ok);
        if (window.value.window_size === 'minute') counts.processed += window.value.accumulator.calls;
      }
      const row = sources.get(topic)?.row(message);
      if (row === undefined) return;
      assert.ok(row.ok, `a message on ${topic} becomes no row`);
      JSON.stringify(row.value);
    },
    counted(name: string, _: string, by: number): void {
      if (name === 'duplicate') counts.duplicate += by;
    },
    settled(): void {
      assert.equal(awaited.size, 0, 'each refused message is a dead letter of the same transaction');
    },
    result: (): Tally => ({ ...counts, accounts, byReason }),
  };
}
