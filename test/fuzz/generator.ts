import type { Hasher } from '../../services/fingerprint/hasher.ts';
import type { Account } from '../../services/records/account.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import type { Codecs } from '../../services/records/codec/codecs.ts';
import { seededRandom } from '../support/random.ts';
import { account, apiCall, T } from '../support/records.ts';
import { accountKinds } from './kinds/accounts.ts';
import { byteKinds } from './kinds/bytes.ts';
import { goodKinds, keyKinds } from './kinds/keys.ts';
import { numberKinds } from './kinds/numbers.ts';
import { promptKinds } from './kinds/prompts.ts';
import { textKinds } from './kinds/texts.ts';
import { writerKinds } from './kinds/writers.ts';
import { type Draw, type Kind, type Mutant, oneOf } from './mutant.ts';

export interface GeneratorOptions {
  seed: number;
  inputs: number;
  /** Event time of the first. */
  start?: number;
  /** With our own schemas under their fixed ids. */
  codecs: Codecs;
  hasher: Hasher;
}

const ACCOUNTS = 300;
const MODELS = ['nimbus-large-4', 'nimbus-small-4', 'cirrus-2'];
const AGENTS = [
  'openai/python 1.40.0',
  'curl/8.5.0',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0',
];
const TEMPLATES = [
  'Summarise the following text in two sentences:\n\n',
  'Think step by step and explain your reasoning before you answer.\nQuestion: ',
  'Which of the two answers is better? Reply with A or B only.\nAnswer A: yes\nAnswer B: ',
];

/** Event time between two messages. */
export const STEP = 40;
const DAY = 24 * 60 * 60_000;
/** A call may be a day ahead of Kafka's time stamp. */
const AHEAD = 1_000;
const MOST_EARLIER = 200;

export function allKinds(hasher: Hasher): Kind[] {
  return [
    ...goodKinds(),
    ...keyKinds(),
    ...byteKinds(),
    ...writerKinds(),
    ...numberKinds(),
    ...textKinds(),
    ...promptKinds(hasher),
    ...accountKinds(),
  ];
}

/**
 * Good calls and mutants, each kind once and then mixed; the same for the same seed. Event time goes on from one to the next.
 *
 * Kafka's time stamps are a day behind, all but a second. One flipped bit of an event time would else take the watermark hours ahead, and all that follows would be
 * late: true, counted, and a test of nothing else.
 */
export function* mutants({ seed, inputs, start = T, codecs, hasher }: GeneratorOptions): Generator<Mutant> {
  const random = seededRandom(seed);
  const kinds = allKinds(hasher);
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0);
  const calls = codecs.of('api-call');
  const accounts = codecs.of('account');
  const earlier: Buffer[] = [];
  let at = start;
  let made = 0;
  const accountId = (): string => `acct_${random.below(ACCOUNTS)}`;
  const call = (): ApiCall => {
    const number = random.below(ACCOUNTS);
    return apiCall({
      event_id: `evt_${seed}_${made++}`,
      occurred_at: at,
      account_id: `acct_${number}`,
      api_key_id: `key_${number % 50}`,
      source_ip: `203.0.113.${number % 40}`,
      user_agent: oneOf(random, AGENTS),
      request_model: oneOf(random, MODELS),
      input_tokens: 10 + random.below(2_000),
      output_tokens: random.below(500),
      temperature: random.below(3) === 0 ? null : random.below(10) / 10,
      prompt_text:
        random.below(4) === 0 ? null : `${oneOf(random, TEMPLATES)}item ${random.below(100_000)} of the list`,
    });
  };
  const draw: Draw = {
    random,
    call,
    account: (): Account => account({ account_id: accountId(), updated_at: at - DAY, payment_fingerprint: 'pay_1' }),
    encodeCall: (record) => calls.encode(record),
    encodeAccount: (record) => accounts.encode(record),
    earlier,
  };
  earlier.push(draw.encodeCall(call()));
  for (let index = 0; index < inputs; index++) {
    at += STEP;
    const kind = kinds[index] ?? choose(kinds, random.next() * total);
    const { key = Buffer.from(accountId()), value } = kind.make(draw);
    if (kind.name === 'good' && value !== null) {
      earlier.push(value);
      if (earlier.length > MOST_EARLIER) earlier.shift();
    }
    yield { index, kind, key, value, timestamp: at + AHEAD - DAY };
  }
}

function choose(kinds: readonly Kind[], point: number): Kind {
  let reached = 0;
  for (const kind of kinds) {
    reached += kind.weight;
    if (point < reached) return kind;
  }
  throw new RangeError('no kind has a weight');
}
