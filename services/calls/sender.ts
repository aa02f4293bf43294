import type { ApiCall } from '../records/api-call.ts';
import type { Address } from './address.ts';
import type { Form, FormFields, FormOf } from './form.ts';
import { createGenerations } from './generations.ts';
import { type Hashes, upperHalf } from './hashes.ts';
import { type SeenAttribute, seen } from './seen-attribute.ts';
import type { ClientClassifier } from './user-agent.ts';

type SenderFields = FormFields & Pick<ApiCall, 'user_agent' | 'tls_fingerprint' | 'api_key_id'>;

/** With what, and how, an account calls: all that a call says but where it came from and what is new in each (its id, time, tokens, status, prompt). */
export interface Sender {
  readonly fields: SenderFields;
  form: Form;
  /** `class/family` of the user agent. */
  user_agent: string;
  user_agent_hash: number | null;
  tls_hash: number | null;
  key_hash: number | null;
  /** Where it called from the last time, which is where most call from the next time. */
  latestAddress: Address | null;
  /** What `links` is told of it. What combines fields or is long is a keyed hash. */
  attributes: readonly SeenAttribute[];
}

export type SenderOf = (call: ApiCall) => Sender;

export interface SendersDeps {
  hashes: Hashes;
  formOf: FormOf;
  classifyClient: ClientClassifier;
}

/** Accounts in each of two generations; half a kilobyte each. */
const MOST_ACCOUNTS = 32_768;
/** Ways of calling that an account is remembered to alternate between. */
const MOST_OF_ACCOUNT = 4;

/**
 * An account calls again as it did before, mostly: to find that out costs a look and some comparisons, where hashing and classifying each field costs a dozen looks by
 * texts that are new to the machine.
 */
export function createSenders({ hashes, formOf, classifyClient }: SendersDeps): SenderOf {
  const known = createGenerations<Sender[]>(MOST_ACCOUNTS);
  const make = (fields: SenderFields): Sender => {
    const { user_agent, tls_fingerprint, api_key_id, system_prompt_hash, tools_hash } = fields;
    const hashed = (text: string | null): number | null => (text === null ? null : hashes.hash32(text));
    const client = classifyClient(user_agent);
    const form = formOf(fields);
    const attributes: SeenAttribute[] = [];
    if (tls_fingerprint !== null || user_agent !== null) {
      const value = hashes.hash64(`${tls_fingerprint ?? '-'} ${user_agent ?? '-'}`);
      attributes.push(seen('client', value, upperHalf(value)));
    }
    const add = (kind: 'system_prompt' | 'tools' | 'sampling', value: string | null): void => {
      if (value !== null) attributes.push(seen(kind, hashes.bounded(value), hashes.hash32(value)));
    };
    add('system_prompt', system_prompt_hash);
    add('tools', tools_hash);
    add('sampling', form.sampling);
    return {
      fields,
      form,
      user_agent: `${client.class}/${client.family}`,
      user_agent_hash: hashed(user_agent),
      tls_hash: hashed(tls_fingerprint),
      key_hash: hashed(api_key_id),
      latestAddress: null,
      attributes,
    };
  };
  return (call) => {
    const ofAccount = known.get(call.account_id);
    if (ofAccount !== undefined) for (const sender of ofAccount) if (isOf(call, sender.fields)) return sender;
    const sender = make(fieldsOf(call));
    if (ofAccount === undefined) known.set(call.account_id, [sender]);
    else {
      if (ofAccount.length === MOST_OF_ACCOUNT) ofAccount.shift();
      ofAccount.push(sender);
    }
    return sender;
  };
}

/** Copied: a call holds its prompt, which is not to be kept. */
function fieldsOf(call: ApiCall): SenderFields {
  return {
    operation_name: call.operation_name,
    request_model: call.request_model,
    stream: call.stream,
    temperature: call.temperature,
    max_tokens: call.max_tokens,
    tools_hash: call.tools_hash,
    system_prompt_hash: call.system_prompt_hash,
    user_agent: call.user_agent,
    tls_fingerprint: call.tls_fingerprint,
    api_key_id: call.api_key_id,
  };
}

function isOf(call: ApiCall, fields: SenderFields): boolean {
  return (
    call.request_model === fields.request_model &&
    call.max_tokens === fields.max_tokens &&
    call.temperature === fields.temperature &&
    call.stream === fields.stream &&
    call.api_key_id === fields.api_key_id &&
    call.operation_name === fields.operation_name &&
    call.system_prompt_hash === fields.system_prompt_hash &&
    call.tools_hash === fields.tools_hash &&
    call.user_agent === fields.user_agent &&
    call.tls_fingerprint === fields.tls_fingerprint
  );
}
