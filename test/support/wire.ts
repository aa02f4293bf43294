import type { InputBinding, OutputBinding } from '../../services/stream/kafka/binding.ts';

/**
 * What is left of a record when it has gone through Kafka: written as the step before writes it, read as the step behind does. A line of steps in a test that
 * passes its records through this cannot pass on what Kafka could not carry.
 */
export function overTheWire<Value>(from: OutputBinding<Value>, to: InputBinding<Value>, record: Value): Value {
  const { key, value } = from.encode(record);
  const decoded = to.decode({
    key: Buffer.from(key ?? ''),
    value: value === null ? null : Buffer.from(value),
    offset: '0',
    timestamp: '0',
    attributes: 0,
    headers: {},
  });
  if (!decoded.ok) throw new Error(`${from.topic} carries what cannot be read: ${decoded.reason}, ${decoded.detail}`);
  return decoded.value;
}
