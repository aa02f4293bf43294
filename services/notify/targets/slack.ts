import type { Alert } from '../../records/alert.ts';
import { jsonHeaders, type Target, type TargetRequest, type Telling } from './target.ts';
import { clip, consoleLink, dedupKey, percent, titleOf, webLink } from './text.ts';

export interface SlackOptions {
  name: string;
  /** The incoming webhook, itself the secret. */
  url: string;
  /** The console's, for links to it; none when empty. */
  consoleUrl: string;
  allowPrivateAddress: boolean;
}

/** https://docs.slack.dev/reference/block-kit: characters, and lines of a list. */
const LONGEST_HEADER = 150;
const LONGEST_SECTION = 3_000;
const LONGEST_FIELD = 2_000;
const LONGEST_LINK = 3_000;
const MOST_LISTED = 5;

const SIGN = { page: '🔴', ticket: '🟠', info: '🔵' } as const;

/** Incoming webhook. It can neither thread nor change a message: each revision is one of its own, which names its alert at the foot. */
export function slackTarget({ name, allowPrivateAddress, ...options }: SlackOptions): Target {
  return { name, kind: 'slack', allowPrivateAddress, request: (telling) => slackRequest(telling, options) };
}

export function slackRequest(
  { event }: Telling,
  { url, consoleUrl }: Omit<SlackOptions, 'name' | 'allowPrivateAddress'>,
): TargetRequest {
  const { alert } = event;
  const title = `${alert.status === 'resolved' ? '🟢' : SIGN[alert.severity]} ${titleOf(event)}`;
  const buttons = [
    ...button('Open the alert', consoleLink(consoleUrl, alert)),
    ...button('Runbook', webLink(alert.runbook_url)),
  ];
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: clip(title, LONGEST_HEADER), emoji: true } },
    ...(alert.summary === '' ? [] : [section(escaped(alert.summary))]),
    { type: 'section', fields: facts(alert).map(([label, value]) => field(label, value)) },
    ...why(alert),
    ...(buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons }]),
    { type: 'context', elements: [mrkdwn(escaped(`${dedupKey(alert)} revision ${alert.revision}`), LONGEST_FIELD)] },
  ];
  // `text` is what a notification and a screen reader say in the place of blocks.
  const body = { text: clip(`${escaped(title)}: ${escaped(alert.summary)}`, LONGEST_SECTION), blocks };
  return { url, headers: jsonHeaders(event), body: JSON.stringify(body) };
}

function facts(alert: Alert): [string, string][] {
  return [
    ['Severity', alert.severity],
    ['Confidence', percent(alert.confidence)],
    ['Accounts', String(alert.account_count)],
    ['Exchanges so far', String(alert.exchange_count)],
    ['First seen', slackTime(alert.first_seen)],
    ['Last seen', slackTime(alert.last_seen)],
  ];
}

/** Signatures and what joins the accounts, the strongest of each. */
function why({ signatures, linking_evidence }: Alert) {
  const lines = [
    ...signatures.slice(0, MOST_LISTED).map(({ name, score }) => `• ${escaped(name)}: ${percent(score)}`),
    ...linking_evidence
      .slice(0, MOST_LISTED)
      .map(
        ({ kind, attribute, accounts }) =>
          `• joined by ${escaped(`${kind.replaceAll('_', ' ')} ${attribute}`)}: ${accounts} accounts`,
      ),
  ];
  return lines.length === 0 ? [] : [section(lines.join('\n'))];
}

/** In the reader's time zone, with UTC where that cannot be shown. */
function slackTime(milliseconds: number): string {
  const fallback = `${new Date(milliseconds).toISOString().slice(0, 16)}Z`;
  return `<!date^${Math.floor(milliseconds / 1_000)}^{date_short_pretty} {time}|${fallback}>`;
}

function button(text: string, url: string | null) {
  return url === null || url.length > LONGEST_LINK ? [] : [{ type: 'button', text: { type: 'plain_text', text }, url }];
}

const section = (text: string) => ({ type: 'section', text: mrkdwn(text, LONGEST_SECTION) });
const field = (label: string, value: string) => mrkdwn(`*${label}*\n${value}`, LONGEST_FIELD);
/** No cut inside an escaped character either. `verbatim`: an address or a channel's name in somebody's id is no link. */
const mrkdwn = (text: string, most: number) => ({
  type: 'mrkdwn',
  text: clip(text, most).replace(/&[a-z]*…$/, '…'),
  verbatim: true,
});

/** Slack's three control characters: without them, and taken verbatim, no text of an attacker becomes a link or a mention. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
