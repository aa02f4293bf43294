import { UNKNOWN_PROFILE } from '../../services/calls/profile-table.ts';
import { type CallsDeps, type CallsOutputs, createCallsStep } from '../../services/calls/step.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import type { RowCodec } from '../../services/stream/row-codec.ts';
import type { StateTable, StateTables } from '../../services/stream/state-table.ts';
import { enrichWith } from '../support/shipped.ts';

export const hasher = await createHasher('test');

export const enrich = enrichWith(hasher);

export const START = Date.UTC(2026, 4, 3);

export function apiCall(fields: Partial<ApiCall> = {}): ApiCall {
  return {
    event_id: 'event',
    occurred_at: START,
    account_id: 'account',
    api_key_id: 'key',
    source_ip: '192.0.2.7',
    source_asn: null,
    user_agent: 'OpenAI/Python 1.2.3',
    tls_fingerprint: 't13d1516h2',
    operation_name: 'chat',
    request_model: 'model-a',
    input_tokens: 700,
    output_tokens: 20,
    reasoning_tokens: null,
    cached_input_tokens: null,
    max_tokens: 1024,
    temperature: 0.7,
    stream: false,
    system_prompt_hash: null,
    tools_hash: null,
    tool_call_count: null,
    image_count: null,
    message_count: 1,
    prompt_text: null,
    prompt_fingerprint: null,
    finish_reason: 'stop',
    status_code: 200,
    duration_ms: 400,
    ...fields,
  };
}

export type Saved = Map<string, Map<string, unknown>>;
export type Output = {
  [Name in keyof CallsOutputs]: { name: Name; record: CallsOutputs[Name]; partition: number };
}[keyof CallsOutputs];

/** One task of the step over tables in memory. `set` after an in-place change is enforced: what was not set again is lost by `save`. */
export function createRunner(deps: Partial<CallsDeps> = {}, saved: Saved = new Map()) {
  const tables = new Map([...saved].map(([name, entries]) => [name, new MemoryTable(entries)]));
  const named = (name: string): MemoryTable<unknown> => {
    const table = tables.get(name) ?? new MemoryTable(new Map());
    tables.set(name, table);
    return table;
  };
  const state: StateTables = {
    table<Value>(name: string): StateTable<Value> {
      // A table's values are what its step put there.
      return named(name) as unknown as StateTable<Value>;
    },
    packed<Value>(name: string, codec: RowCodec<Value>): StateTable<Value> {
      const table = named(name) as unknown as MemoryTable<Value>; // as above
      table.codec = codec;
      return table;
    },
    queue() {
      throw new Error('the calls step keeps no queue');
    },
  };
  const counts = new Map<string, number>();
  const outputs: Output[] = [];
  const step = createCallsStep({ enrich, profileAt: () => UNKNOWN_PROFILE, ...deps })({
    partition: 3,
    partitions: 5,
    tables: state,
    count(name, reason, by = 1) {
      counts.set(`${name} ${reason}`, (counts.get(`${name} ${reason}`) ?? 0) + by);
    },
  });
  // Cloned, as a runner that encodes would: what is emitted must not change afterwards, and nothing in it may be shared with the state.
  const emit = <Name extends keyof CallsOutputs & string>(
    name: Name,
    record: CallsOutputs[Name],
    partition: number,
  ): void => {
    outputs.push(structuredClone({ name, record, partition }) as Output);
  };
  return {
    call: (call: ApiCall) => step.onRecord('calls', call, { topic: 'calls', partition: 3, offset: '17' }, emit),
    watermark: (time: number) => step.onWatermark(time, emit),
    save: (): Saved => new Map([...tables].map(([name, table]) => [name, table.saved()])),
    /** Takes what was emitted since the last time. */
    take: (): Output[] => outputs.splice(0),
    count: (name: string) => counts.get(name) ?? 0,
    accounts: () => named('accounts').size,
  };
}

export function windowsOf(outputs: readonly Output[]): CallsOutputs['account_windows'][] {
  return outputs.flatMap((output) => (output.name === 'account_windows' ? [output.record] : []));
}

export function observationsOf(outputs: readonly Output[]): CallsOutputs['link_observations'][] {
  return outputs.flatMap((output) => (output.name === 'link_observations' ? [output.record] : []));
}

class MemoryTable<Value> implements StateTable<Value> {
  readonly #live: Map<string, Value>;
  /** As of the last `set`: what a checkpoint would hold. */
  readonly #kept = new Map<string, Value>();
  /** Of a packed table: what is kept has been bytes. */
  codec: RowCodec<Value> | null = null;

  constructor(entries: ReadonlyMap<string, Value>) {
    this.#live = structuredClone(new Map(entries));
    for (const [key, value] of entries) this.#kept.set(key, structuredClone(value));
  }
  get size(): number {
    return this.#live.size;
  }
  get(key: string): Value | undefined {
    return this.#live.get(key);
  }
  has(key: string): boolean {
    return this.#live.has(key);
  }
  set(key: string, value: Value): void {
    this.#live.set(key, value);
    const kept = this.codec === null ? value : this.codec.decode(Buffer.from(this.codec.encode(value)), 0);
    this.#kept.set(key, structuredClone(kept));
  }
  delete(key: string): boolean {
    this.#kept.delete(key);
    return this.#live.delete(key);
  }
  entries(): IterableIterator<[string, Value]> {
    return this.#live.entries();
  }
  saved(): Map<string, Value> {
    // Backwards: a restore promises nothing about order.
    return new Map(structuredClone([...this.#kept].toReversed()));
  }
}
