import { alertId } from '../clusters/score/alerting.ts';

/** What a name goes on with: `acct_4` is not mentioned in `acct_42`. */
const PART_OF_NAME = String.raw`\p{L}\p{N}_-`;

/**
 * A regular expression of RE2, for ClickHouse: the account or the alert about it alone, in a text of people or in JSON. What stands before and after is captured
 * as 1 and 2.
 */
export function mentionOf(account: string): string {
  const inJson = JSON.stringify(account).slice(1, -1);
  const names = [...new Set([account, inJson])].flatMap((name) => [alertId(name), name]).map(escaped);
  return `(^|[^${PART_OF_NAME}])(?:${names.join('|')})([^${PART_OF_NAME}]|$)`;
}

function escaped(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_]/gu, (character) => `\\x{${character.codePointAt(0)?.toString(16)}}`);
}
