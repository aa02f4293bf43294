import type { Codecs } from '../records/codec/codecs.ts';
import type { Decoded } from '../stream/kafka/binding.ts';
import type { KafkaMessage } from '../stream/kafka/client.ts';
import type { OutgoingMessage } from '../stream/kafka/transaction.ts';
import { parseRules } from './parse.ts';
import type { RulesVersion } from './version.ts';
import type { Vocabulary } from './vocabulary.ts';

export function rulesMessage(
  codecs: Codecs,
  { effective_at, published_at, origin, rules }: RulesVersion,
): OutgoingMessage {
  const { hash, ...file } = rules;
  return {
    key: hash,
    value: codecs.of('rules-version').encode({ effective_at, published_at, origin, hash, rules: JSON.stringify(file) }),
  };
}

/** Rules that this build does not understand are refused like any other bad message, and those before them stay in force. */
export function readRulesMessage(codecs: Codecs, vocabulary: Vocabulary, message: KafkaMessage): Decoded<RulesVersion> {
  const decoded = codecs.of('rules-version').decode(message.value);
  if (!decoded.ok) return decoded;
  const { effective_at, published_at, origin, rules } = decoded.value;
  // JSON is YAML: one parser for both.
  const parsed = parseRules(rules, vocabulary);
  if (!parsed.ok) {
    const [first] = parsed.problems;
    return { ok: false, reason: 'rules_invalid', detail: `${first?.path}: ${first?.message}` };
  }
  return {
    ok: true,
    value: { effective_at, published_at, origin: origin === 'operator' ? 'operator' : 'file', rules: parsed.rules },
  };
}
