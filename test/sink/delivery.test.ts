import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliveryMessage } from '../../services/notify/delivery-message.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { revision } from '../notify/alerts.ts';
import { rowsOf } from './rows.ts';

const codecs = createCodecs(null);
const rowOf = rowsOf(codecs, TOPICS.deliveries);

test('what a target took becomes a row: which message, whose, by whom, when, and how it answered', () => {
  const how = { target: 'oncall', partition: 3, offset: 7, attempts: 2, http_status: 202 };
  const { key, value } = deliveryMessage(codecs, revision(2, { severity: 'ticket' }), {
    ...how,
    delivered_at: Date.UTC(2026, 3, 22, 0, 1, 1),
  });
  const message = { key: Buffer.from(String(key)), value, headers: {}, timestamp: '0', attributes: 0, offset: '0' };
  assert.deepEqual(rowOf(message), {
    ...how,
    alert_id: 'a_1',
    revision: 2,
    subject_type: 'cluster',
    subject_id: 'c_1',
    status: 'open',
    severity: 'ticket',
    emitted_at: '2026-04-22 00:01:00.000',
    delivered_at: '2026-04-22 00:01:01.000',
  });
});
