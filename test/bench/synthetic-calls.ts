import type { ApiCall } from '../../services/records/api-call.ts';
import { createPromptLibrary } from '../../services/simulate/prompts/library.ts';
import { createRandom } from '../../services/simulate/random.ts';
import type { SeededRandom } from '../support/random.ts';
import { apiCall } from '../support/records.ts';

export const ACCOUNTS = 20_000;

/** What an account asks, by its number. */
export type Prompts = (account: number) => string | null;

/** Each account fills one template of its own, over and over, up to the length wanted; 0: calls have no text. */
export function createPrompts(length: number): Prompts {
  if (length === 0) return () => null;
  const library = createPromptLibrary();
  const names = (['chat', 'code', 'extract', 'rag', 'agent'] as const).flatMap((use) =>
    library.names({ use, language: 'en' }),
  );
  const random = createRandom('bench');
  const templates = names.map((name) => library.prompt(name, random, 1));
  return (account) => {
    const template = templates[account % templates.length];
    if (template === undefined) throw new Error('no templates');
    let text = '';
    while (text.length < length) text += `${template.render(random)}\n`;
    return text.slice(0, length);
  };
}

/** Tail-heavy over the accounts. `number` makes its id. */
export function syntheticCall(
  number: number,
  occurredAt: number,
  random: SeededRandom,
  prompts: Prompts,
  accounts = ACCOUNTS,
): ApiCall {
  const account = Math.floor(accounts * random.next() ** 2);
  return apiCall({
    event_id: `evt_${number.toString(16).padStart(12, '0')}`,
    occurred_at: occurredAt,
    account_id: `acct_${account.toString(16).padStart(8, '0')}`,
    api_key_id: `key_${account % 977}`,
    source_ip: `10.${account % 200}.${account % 251}.7`,
    request_model: `nimbus-${account % 3}`,
    input_tokens: 100 + random.below(4_000),
    output_tokens: random.below(800),
    max_tokens: 1_024,
    temperature: 0.7,
    status_code: random.below(50) === 0 ? 429 : 200,
    duration_ms: random.below(9_000),
    prompt_text: prompts(account),
  });
}
