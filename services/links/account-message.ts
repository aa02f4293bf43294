import { validateAccount } from '../calls/validate.ts';
import type { AccountChange } from '../records/account.ts';
import type { Codecs } from '../records/codec/codecs.ts';
import type { Decoded } from '../stream/kafka/binding.ts';
import type { KafkaMessage } from '../stream/kafka/client.ts';

const MOST_AHEAD = 24 * 60 * 60_000;

/** A message of the accounts topic: a version, or a tombstone, which here is no mistake. */
export function readAccountMessage(codecs: Codecs, message: KafkaMessage): Decoded<AccountChange> {
  const at = Number(message.timestamp);
  if (message.value === null) {
    const account_id = message.key?.toString() ?? '';
    if (account_id === '')
      return { ok: false, reason: 'missing_field', detail: 'a tombstone without a key removes nobody' };
    return { ok: true, value: { account_id, account: null, at } };
  }
  const decoded = codecs.of('account').decode(message.value);
  if (!decoded.ok) return decoded;
  const account = decoded.value;
  const violation = validateAccount(account, { earliest: 0, latest: at + MOST_AHEAD });
  if (violation !== null) return { ok: false, reason: violation.reason, detail: violation.detail };
  return { ok: true, value: { account_id: account.account_id, account, at: account.updated_at } };
}
