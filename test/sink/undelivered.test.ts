import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertMessage } from '../../services/clusters/alert-message.ts';
import { undeliveredMessage } from '../../services/notify/undelivered.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { revision } from '../notify/alerts.ts';
import { rowsOf } from './rows.ts';

const codecs = createCodecs(null);
const rowOf = rowsOf(codecs, TOPICS.undelivered);

test('what a target did not take becomes a row: which message, whose, to whom, and why', () => {
  const event = revision(2, { severity: 'ticket' });
  const place = { target: 'oncall', reason: 'HTTP 401', attempts: 1, partition: 3, offset: '9007199254740993' };
  const { key, value, headers } = undeliveredMessage(alertMessage(codecs, event), place);
  const sent = Object.entries(headers ?? {}).map(([name, text]) => [name, Buffer.from(String(text))]);
  const message = {
    key: Buffer.from(String(key)),
    value,
    headers: Object.fromEntries(sent),
    timestamp: '0',
    attributes: 0,
    offset: '0',
  };
  assert.deepEqual(rowOf(message), {
    ...place,
    alert_id: 'a_1',
    revision: 2,
    subject_type: 'cluster',
    subject_id: 'c_1',
    status: 'open',
    severity: 'ticket',
    emitted_at: '2026-04-22 00:01:00.000',
  });
});
