import assert from 'node:assert/strict';
import type { Codecs } from '../../services/records/codec/codecs.ts';
import { sinkSources } from '../../services/sink/sources.ts';
import type { KafkaMessage } from '../../services/stream/kafka/client.ts';
import { byName } from '../support/row-by-name.ts';

/** What the sink makes of a message of a topic, by name. */
export function rowsOf(codecs: Codecs, topic: string): (message: KafkaMessage) => Record<string, unknown> {
  const source = sinkSources(codecs).find((each) => each.topic === topic);
  assert.ok(source);
  return (message) => {
    const row = source.row(message);
    assert.ok(row.ok);
    assert.equal(row.value.length, source.columns.length);
    return byName(source.columns, row.value);
  };
}
