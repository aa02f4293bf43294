import { readAlertMessage } from '../clusters/alert-message.ts';
import { readUndelivered } from '../notify/undelivered.ts';
import type { Codecs } from '../records/codec/codecs.ts';
import type { SchemaName } from '../records/codec/schemas.ts';
import type { Records } from '../records/codec/wire.ts';
import type { Decoded } from '../stream/kafka/binding.ts';
import type { KafkaMessage } from '../stream/kafka/client.ts';
import { TOPICS } from '../stream/topics.ts';
import { accountWindowRow } from './rows/account-window.ts';
import { alertRow } from './rows/alert.ts';
import { assignmentRow } from './rows/assignment.ts';
import { clusterWindowRow } from './rows/cluster-window.ts';
import { deadLetterRow } from './rows/dead-letter.ts';
import { deliveryRow } from './rows/delivery.ts';
import { membershipRow } from './rows/membership.ts';
import type { TableRow } from './rows/table-row.ts';
import { undeliveredRow } from './rows/undelivered.ts';

/** A topic, the table it goes to, and how a message becomes a row. */
export interface SinkSource {
  topic: string;
  table: string;
  columns: readonly string[];
  /** In the order of the columns. */
  row(message: KafkaMessage): Decoded<unknown[]>;
}

export function sinkSources(codecs: Codecs): SinkSource[] {
  const source = <Value>(
    topic: string,
    table: string,
    decode: (message: KafkaMessage) => Decoded<Value>,
    { columns, values }: TableRow<Value>,
  ): SinkSource => ({
    topic,
    table,
    columns,
    row(message) {
      const decoded = decode(message);
      return decoded.ok ? { ok: true, value: values(decoded.value) } : decoded;
    },
  });
  const ours = <Name extends SchemaName>(
    topic: string,
    table: string,
    name: Name,
    row: TableRow<Records[Name]>,
  ): SinkSource => {
    const codec = codecs.of(name);
    return source(topic, table, (message) => codec.decode(message.value), row);
  };
  return [
    ours(TOPICS.accountWindows, 'account_windows', 'account-window', accountWindowRow),
    ours(TOPICS.clusterWindows, 'cluster_windows', 'cluster-window', clusterWindowRow),
    ours(TOPICS.assignments, 'assignments', 'assignment', assignmentRow),
    ours(TOPICS.memberships, 'memberships', 'membership', membershipRow),
    source(TOPICS.alerts, 'alerts', (message) => readAlertMessage(codecs, message), alertRow),
    ours(TOPICS.deadLetters, 'dead_letters', 'dead-letter', deadLetterRow),
    ours(TOPICS.deliveries, 'deliveries', 'delivery', deliveryRow),
    source(TOPICS.undelivered, 'undelivered', (message) => readUndelivered(codecs, message), undeliveredRow),
  ];
}
