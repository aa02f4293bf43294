import { readAlertMessage } from '../clusters/alert-message.ts';
import { readUndelivered } from '../notify/undelivered.ts';
import type { Codecs } from '../records/codec/codecs.ts';
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
import { undeliveredRow } from './rows/undelivered.ts';

export type Row = Record<string, unknown>;

/** A topic, the table it goes to, and how a message becomes a row. */
export interface SinkSource {
  topic: string;
  table: string;
  row(message: KafkaMessage): Decoded<Row>;
}

export function sinkSources(codecs: Codecs): SinkSource[] {
  const mapped = <Value>(decode: (message: KafkaMessage) => Decoded<Value>, toRow: (value: Value) => Row) => {
    return (message: KafkaMessage): Decoded<Row> => {
      const decoded = decode(message);
      return decoded.ok ? { ok: true, value: toRow(decoded.value) } : decoded;
    };
  };
  return [
    {
      topic: TOPICS.accountWindows,
      table: 'account_windows',
      row: mapped((message) => codecs.of('account-window').decode(message.value), accountWindowRow),
    },
    {
      topic: TOPICS.clusterWindows,
      table: 'cluster_windows',
      row: mapped((message) => codecs.of('cluster-window').decode(message.value), clusterWindowRow),
    },
    {
      topic: TOPICS.assignments,
      table: 'assignments',
      row: mapped((message) => codecs.of('assignment').decode(message.value), assignmentRow),
    },
    {
      topic: TOPICS.memberships,
      table: 'memberships',
      row: mapped((message) => codecs.of('membership').decode(message.value), membershipRow),
    },
    { topic: TOPICS.alerts, table: 'alerts', row: mapped((message) => readAlertMessage(codecs, message), alertRow) },
    {
      topic: TOPICS.deadLetters,
      table: 'dead_letters',
      row: mapped((message) => codecs.of('dead-letter').decode(message.value), deadLetterRow),
    },
    {
      topic: TOPICS.deliveries,
      table: 'deliveries',
      row: mapped((message) => codecs.of('delivery').decode(message.value), deliveryRow),
    },
    {
      topic: TOPICS.undelivered,
      table: 'undelivered',
      row: mapped((message) => readUndelivered(codecs, message), undeliveredRow),
    },
  ];
}
