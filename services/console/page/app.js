// The page of the console. Everything that comes from the API is set as text, never as markup.

const REFRESH = 5_000;
const main = element('main');
const state = element('state');
let timer = 0;

/** @param {string} id @returns {HTMLElement} */
function element(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {number | string} milliseconds */
const time = (milliseconds) => `${new Date(Number(milliseconds)).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
/** @param {number | string} value */
const whole = (value) => Number(value).toLocaleString('en');
/** @param {number} share */
const percent = (share) => `${Math.round(share * 100)} %`;
/** @param {number} value */
const figure = (value) => (Number.isInteger(value) ? whole(value) : value.toPrecision(3));

/** @param {string[]} heads @param {(Node | string)[][]} rows @param {string} caption */
function table(heads, rows, caption) {
  const head = make('tr', {}, ...heads.map((text) => make('th', { scope: 'col' }, text)));
  const body = rows.map((cells) => make('tr', {}, ...cells.map((cell) => make('td', {}, cell))));
  return make(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: '0' },
    make('table', {}, make('thead', {}, head), make('tbody', {}, ...body)),
  );
}

/** @param {string} path */
async function get(path) {
  const response = await fetch(path);
  const body = await response.json();
  if (!response.ok) throw new Error(`${body.what}. ${body.hint}`);
  return body;
}

async function showList() {
  const { alerts } = await get('/api/alerts');
  const open = (/** @type {{status: string}} */ alert) => (alert.status === 'open' ? 0 : 1);
  alerts.sort((/** @type {any} */ a, /** @type {any} */ b) => open(a) - open(b));
  const rows = alerts.map((/** @type {any} */ alert) => [
    make('span', { class: alert.severity }, alert.severity),
    make('a', { href: `#/alerts/${encodeURIComponent(alert.alert_id)}` }, alert.summary),
    alert.status,
    alert.verdict.replace('_', ' '),
    whole(alert.account_count),
    whole(alert.exchange_count),
    percent(alert.confidence),
    time(alert.updated_at_ms),
  ]);
  const list =
    rows.length === 0
      ? make('p', { class: 'empty' }, 'No alerts so far.')
      : table(
          ['Severity', 'What', 'Status', 'Verdict', 'Accounts', 'Exchanges', 'Confidence', 'Updated'],
          rows,
          'Alerts',
        );
  main.replaceChildren(make('h2', {}, 'Alerts'), list);
  return `${alerts.length} alerts`;
}

/** @param {string} id */
async function showAlert(id) {
  const alert = await get(`/api/alerts/${encodeURIComponent(id)}`);
  const parts = [
    make('p', {}, make('a', { href: '#/' }, 'All alerts')),
    make(
      'h2',
      {},
      make('span', { class: alert.severity }, alert.severity),
      ` ${alert.verdict.replace('_', ' ')} — ${alert.subject_type} `,
      make('code', {}, alert.subject_id),
    ),
    make('p', { class: 'summary' }, alert.summary),
    make(
      'p',
      {},
      `${whole(alert.account_count)} accounts, ${whole(alert.exchange_count)} exchanges (${whole(alert.exchanges_before_alert)} before the first alert), confidence ${percent(alert.confidence)}, ${alert.status}. First seen ${time(alert.first_seen_ms)}, last seen ${time(alert.last_seen_ms)}.`,
    ),
    make(
      'p',
      {},
      'What to do: ',
      make('a', { href: alert.runbook_url, rel: 'noreferrer' }, 'runbook'),
      `. MITRE ATLAS ${alert.atlas_technique}. Rules ${alert.rules_hash}.`,
    ),
  ];
  if (alert.baseline_note !== '') parts.push(make('p', { class: 'note' }, alert.baseline_note));
  parts.push(make('h2', {}, 'Why: what the traffic looks like'), signatures(alert.signatures));
  parts.push(make('h2', {}, 'Why: what joins the accounts'), evidence(alert.linking_evidence));
  parts.push(make('h2', {}, 'Sample accounts'), make('p', {}, make('code', {}, alert.sample_accounts.join(' '))));
  parts.push(make('h2', {}, 'Sample calls'), make('p', {}, make('code', {}, alert.sample_event_ids.join(' '))));
  parts.push(make('h2', {}, 'Timeline'), timeline(alert.timeline));
  parts.push(make('h2', {}, 'The figures again'), copyable(alert.query));
  main.replaceChildren(...parts);
  return `revision ${alert.revision}`;
}

/** @param {any[]} all */
function signatures(all) {
  const rows = all.flatMap((signature) =>
    signature.features.map((/** @type {any} */ feature, /** @type {number} */ place) => [
      place === 0 ? `${signature.name} v${signature.version}: ${percent(signature.score)}` : '',
      feature.name,
      `${figure(feature.value)} ${feature.unit}`,
      feature.baseline_percentile === null ? 'no baseline' : `above ${Math.floor(feature.baseline_percentile)} %`,
      figure(feature.threshold),
      make(
        'span',
        {},
        make('meter', {
          min: '0',
          max: '1',
          value: String(feature.contribution),
          'aria-label': `contribution of ${feature.name}`,
        }),
        ` ${percent(feature.contribution)}`,
      ),
    ]),
  );
  return rows.length === 0
    ? make('p', { class: 'empty' }, 'No signature fired.')
    : table(['Signature', 'Feature', 'Value', 'Among its cohort', 'Threshold', 'Contribution'], rows, 'Signatures');
}

/** @param {any[]} all */
function evidence(all) {
  if (all.length === 0) return make('p', { class: 'empty' }, 'A single account: nothing joins it to others.');
  return table(
    ['Kind', 'Attribute (masked)', 'Accounts', 'Weight'],
    all.map((entry) => [
      entry.kind.replaceAll('_', ' '),
      make('code', {}, entry.attribute),
      whole(entry.accounts),
      percent(entry.weight),
    ]),
    'Linking evidence',
  );
}

/** @param {any[]} all */
function timeline(all) {
  const rows = all.map((entry) => [
    time(entry.updated_at_ms),
    entry.type.replace('stillwatch.alert.', ''),
    make('span', { class: entry.severity }, entry.severity),
    whole(entry.account_count),
    whole(entry.exchange_count),
    percent(entry.confidence),
  ]);
  return table(['When', 'What', 'Severity', 'Accounts', 'Exchanges', 'Confidence'], rows, 'Timeline');
}

/** @param {string} sql */
function copyable(sql) {
  const button = make('button', { type: 'button' }, 'Copy the SQL');
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(sql).then(
      () => {
        button.textContent = 'Copied';
      },
      () => {
        button.textContent = 'Select it by hand: the browser does not allow it';
      },
    );
  });
  return make('div', {}, make('pre', {}, sql), button);
}

async function show() {
  clearTimeout(timer);
  const address = location.hash;
  const id = /^#\/alerts\/(.+)$/.exec(address)?.[1];
  try {
    const what = id === undefined ? await showList() : await showAlert(decodeURIComponent(id));
    if (location.hash !== address) return;
    state.textContent = `${what}, as of ${new Date().toISOString().slice(11, 19)} UTC`;
  } catch (error) {
    state.textContent = `Not up to date: ${error instanceof Error ? error.message : error}`;
  }
  // An alert that is being read is not moved under the reader's eyes.
  if (id === undefined) timer = setTimeout(show, REFRESH);
}

addEventListener('hashchange', () => {
  void show().then(() => main.focus());
});
void show();
