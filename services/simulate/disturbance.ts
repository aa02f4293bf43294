import type { ApiCall } from '../records/api-call.ts';
import { createHeap } from './heap.ts';
import type { Random } from './random.ts';

/** What retries, slow gateways and broken ones do to the stream. */
export interface Disturbance {
  /** Share of calls that are sent a second time, with the same id, within `lateMinutes`. */
  duplicateShare: number;
  /** Share of calls that arrive up to `lateMinutes` after they should. */
  lateShare: number;
  lateMinutes: number;
  /** Share of calls with a value that cannot be. */
  badShare: number;
}

interface Held {
  call: ApiCall;
  due: number;
  order: number;
}

/** The same calls, some twice, some late, some spoilt. Bad calls come in addition to the good ones, so that the traffic stays what it was. */
export function* disturb(calls: Iterable<ApiCall>, spec: Disturbance, random: Random): Generator<ApiCall> {
  const held = createHeap<Held>((a, b) => a.due < b.due || (a.due === b.due && a.order < b.order));
  let order = 0;
  const hold = (call: ApiCall): void => {
    order += 1;
    held.push({ call, due: call.occurred_at + random.int(spec.lateMinutes * 60_000), order });
  };
  for (const call of calls) {
    for (let next = held.peek(); next !== undefined && next.due <= call.occurred_at; next = held.peek()) {
      yield next.call;
      held.pop();
    }
    if (random.chance(spec.badShare)) yield spoil(call, random);
    if (random.chance(spec.duplicateShare)) hold(call);
    if (random.chance(spec.lateShare)) hold(call);
    else yield call;
  }
  for (let next = held.pop(); next !== undefined; next = held.pop()) yield next.call;
}

function spoil(call: ApiCall, random: Random): ApiCall {
  const event_id = `${call.event_id}_bad`;
  return random.pick<ApiCall>([
    { ...call, event_id, occurred_at: 0 },
    { ...call, event_id, input_tokens: -5 },
    { ...call, event_id, account_id: '' },
    { ...call, event_id, status_code: 7 },
  ]);
}
