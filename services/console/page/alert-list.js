import { age, badge, get, make, percent, table, whole, words } from './elements.js';

/** @typedef {{ alert_id: string, severity: string, verdict: string, summary: string, account_count: number,
 *   exchange_count: number | string, confidence: number, opened_at_ms: number | string }} AlertHead */

const HEADS = ['Severity', 'What', 'Verdict', 'Age', 'Exchanges', 'Accounts', 'Confidence'];
const PAGE_SIZE = 50;

/**
 * Open alerts are asked for by themselves: however many were resolved since, none of them hides one that is open.
 * @param {{ open: number, resolved: number }} pages how many pages of each to show
 * @param {(status: 'open' | 'resolved') => void} more asked to show one page more
 * @returns {Promise<{ nodes: Node[], note: string }>}
 */
export async function alertList(pages, more) {
  const [open, resolved] = await Promise.all([read('open', pages.open), read('resolved', pages.resolved)]);
  const nodes = [
    make('h2', {}, 'Open alerts'),
    ...section(open, 'Open alerts', 'No alert is open.', () => more('open')),
    make('h2', {}, 'Resolved alerts'),
    ...section(resolved, 'Resolved alerts', 'No alert has been resolved so far.', () => more('resolved')),
  ];
  return { nodes, note: `${whole(open.alerts.length)}${open.next === null ? '' : ' or more'} open` };
}

/** @param {string} status @param {number} pages @returns {Promise<{ alerts: AlertHead[], next: string | null }>} */
async function read(status, pages) {
  /** @type {AlertHead[]} */
  const alerts = [];
  /** @type {string | null} */
  let next = null;
  for (let page = 0; page < pages; page++) {
    const before = next === null ? '' : `&before=${encodeURIComponent(next)}`;
    const part = await get(`/api/alerts?status=${status}&limit=${PAGE_SIZE}${before}`);
    alerts.push(...part.alerts);
    next = part.next;
    if (next === null) break;
  }
  return { alerts, next };
}

/** @param {{ alerts: AlertHead[], next: string | null }} list @param {string} caption @param {string} none @param {() => void} more */
function section({ alerts, next }, caption, none, more) {
  if (alerts.length === 0) return [make('p', { class: 'note' }, none)];
  const shown = table(caption, HEADS, alerts.map(row));
  if (next === null) return [shown];
  const button = make('button', { type: 'button', id: `more: ${caption}` }, 'Show more');
  button.addEventListener('click', more);
  return [shown, make('p', {}, button)];
}

/** @param {AlertHead} alert */
function row(alert) {
  return [
    badge(alert.severity),
    make(
      'a',
      { id: `alert: ${alert.alert_id}`, href: `#/alerts/${encodeURIComponent(alert.alert_id)}` },
      alert.summary,
    ),
    words(alert.verdict),
    make('span', { title: new Date(Number(alert.opened_at_ms)).toISOString() }, age(alert.opened_at_ms)),
    whole(alert.exchange_count),
    whole(alert.account_count),
    percent(alert.confidence),
  ];
}
