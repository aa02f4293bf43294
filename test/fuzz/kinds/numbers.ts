import type { ApiCall } from '../../../services/records/api-call.ts';
import { type Draw, type Kind, oneOf } from '../mutant.ts';
import { varint } from '../writers.ts';

const MOST_INT = 2 ** 31 - 1;
const MINUTE = 60_000;
const AMOUNTS = [
  'input_tokens',
  'output_tokens',
  'reasoning_tokens',
  'cached_input_tokens',
  'tool_call_count',
  'image_count',
  'message_count',
] as const satisfies (keyof ApiCall)[];

export function numberKinds(): Kind[] {
  const kind = (name: string, fate: Kind['fate'], weight: number, change: (draw: Draw) => Partial<ApiCall>): Kind => ({
    name,
    fate,
    weight,
    topic: 'calls',
    make: (draw) => ({ value: draw.encodeCall({ ...draw.call(), ...change(draw) }) }),
  });
  return [
    kind('negative tokens', 'dead', 15, ({ random }) => ({
      [oneOf(random, AMOUNTS)]: oneOf(random, [-1, -5, -(2 ** 31)]),
    })),
    kind('2^31-1 tokens', 'dead', 15, ({ random }) => ({ [oneOf(random, AMOUNTS)]: MOST_INT })),
    kind('as many tokens as are allowed', 'alive', 10, ({ random }) => ({
      [oneOf(random, ['input_tokens', 'output_tokens', 'reasoning_tokens'])]: 100_000_000,
      [oneOf(random, ['tool_call_count', 'image_count', 'message_count'])]: 1_000_000,
    })),
    kind('as much as you like', 'alive', 10, () => ({ max_tokens: MOST_INT, duration_ms: MOST_INT })),
    kind('temperature that is no number', 'dead', 15, ({ random }) => ({
      temperature: oneOf(random, [Number.NaN, Infinity, -Infinity, 1e308, -0.1, 10.000001]),
    })),
    kind('odd temperature', 'alive', 10, ({ random }) => ({
      temperature: oneOf(random, [-0, 5e-324, 10, 0.30000000000000004]),
    })),
    kind('no HTTP status', 'dead', 10, ({ random }) => ({
      status_code: oneOf(random, [0, 99, 600, -200, MOST_INT]),
    })),
    kind('1970, 2099, before 1970', 'dead', 30, ({ random }) => ({
      occurred_at: oneOf(random, [
        0,
        1_000,
        1_767_225_600, // seconds instead of milliseconds
        Date.UTC(2099, 0, 1),
        -1,
        -Date.UTC(2026, 0, 1),
        Number.MAX_SAFE_INTEGER - 1,
        Number.MIN_SAFE_INTEGER + 1,
        8_640_000_000_000_001,
      ]),
    })),
    {
      name: 'a time that no number holds',
      fate: 'dead',
      weight: 10,
      topic: 'calls',
      make(draw) {
        const bytes = draw.encodeCall({ ...draw.call(), event_id: 'x', occurred_at: 0 });
        // Behind the header: the length of the id, the id, and the time, one byte each.
        const time = varint(oneOf(draw.random, [2n ** 53n, 2n ** 62n, -(2n ** 63n), 2n ** 63n - 1n]));
        return { value: Buffer.concat([bytes.subarray(0, 7), time, bytes.subarray(8)]) };
      },
    },
    kind('five minutes late', 'alive', 20, ({ call }) => ({ occurred_at: call().occurred_at - 5 * MINUTE })),
    kind('a little late', 'alive', 20, ({ call, random }) => ({
      occurred_at: call().occurred_at - random.below(2 * MINUTE),
    })),
  ];
}
