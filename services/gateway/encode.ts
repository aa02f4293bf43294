import type { Account } from '../records/account.ts';
import type { ApiCall } from '../records/api-call.ts';
import { embeddedSchemas } from '../records/codec/embedded-schemas.ts';
import { createCodec } from '../records/codec/wire.ts';

/**
 * Bytes for the topics, in the Confluent wire format with the ids that stillwatch knows without a registry (api-call 1, account 2). The key of the message is
 * the account's id. With a registry, use its own serializer and schemas/*.avsc instead.
 */
export function createEncoders(): { call(call: ApiCall): Buffer; account(account: Account): Buffer } {
  const schemas = embeddedSchemas();
  return { call: createCodec('api-call', schemas).encode, account: createCodec('account', schemas).encode };
}
