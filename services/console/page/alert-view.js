import { badge, figure, get, make, outwardLink, percent, table, time, whole, words } from './elements.js';

/** @param {string} id @returns {Promise<{ nodes: Node[], note: string }>} */
export async function alertView(id) {
  const alert = await get(`/api/alerts/${encodeURIComponent(id)}`);
  const title = ` ${words(alert.verdict)}, ${alert.status}: ${alert.subject_type} `;
  const nodes = [
    make('p', {}, make('a', { href: '#/' }, 'All alerts')),
    make('h2', {}, badge(alert.severity), title, make('code', {}, alert.subject_id)),
    make('p', { class: 'summary' }, alert.summary),
    facts(alert),
    make('p', {}, 'What to do: ', outwardLink(alert.runbook_url, 'runbook')),
  ];
  if (alert.baseline_note !== '') nodes.push(make('p', { class: 'note' }, `Baseline: ${alert.baseline_note}`));
  nodes.push(make('h3', {}, 'Why: what the traffic looks like'), ...signatures(alert.signatures));
  nodes.push(make('h3', {}, 'Why: what joins the accounts'), evidence(alert.linking_evidence));
  nodes.push(make('h3', {}, 'Sample accounts'), samples(alert.sample_accounts));
  nodes.push(make('h3', {}, 'Sample calls (event ids)'), samples(alert.sample_event_ids));
  nodes.push(make('h3', {}, 'Timeline'), timeline(alert.timeline));
  nodes.push(make('h3', {}, 'Hour by hour'), windows(alert.windows));
  nodes.push(make('h3', {}, 'The SQL that gives these figures again'), copyable(alert.query));
  return { nodes, note: `revision ${alert.revision}` };
}

/** @param {any} alert */
function facts(alert) {
  /** @type {[string, Node | string][]} */
  const pairs = [
    ['Accounts', whole(alert.account_count)],
    ['Exchanges', `${whole(alert.exchange_count)} (${whole(alert.exchanges_before_alert)} before the alert opened)`],
    ['Confidence', percent(alert.confidence)],
    ['First seen', time(alert.first_seen_ms)],
    ['Last seen', time(alert.last_seen_ms)],
    ['Opened', time(alert.opened_at_ms)],
    ['Updated', time(alert.updated_at_ms)],
    ['MITRE ATLAS', alert.atlas_technique],
    ['Rules', make('code', {}, alert.rules_hash)],
  ];
  const cells = pairs.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value)));
  return make('dl', { class: 'facts' }, ...cells);
}

/** @param {any[]} all */
function signatures(all) {
  if (all.length === 0) return [make('p', { class: 'note' }, 'No signature fired.')];
  return all.flatMap((signature) => [
    make('h4', {}, `${signature.name} v${signature.version}: score ${percent(signature.score)}`),
    table(
      `Features of ${signature.name}`,
      ['Feature', 'Value', 'Unit', 'Percentile in its cohort', 'Threshold', 'Contribution'],
      signature.features.map((/** @type {any} */ feature) => [
        make('code', {}, feature.name),
        figure(feature.value),
        feature.unit,
        feature.baseline_percentile === null ? 'no baseline' : feature.baseline_percentile.toFixed(1),
        figure(feature.threshold),
        contribution(feature),
      ]),
    ),
  ]);
}

/** @param {any} feature */
function contribution({ name, contribution: share }) {
  const attributes = { min: '0', max: '1', value: String(share), 'aria-label': `contribution of ${name}` };
  return make('span', { class: 'bar' }, make('meter', attributes), ` ${percent(share)}`);
}

/** @param {any[]} all */
function evidence(all) {
  if (all.length === 0) return make('p', { class: 'note' }, 'A single account: nothing joins it to others.');
  const rows = all.map(({ kind, attribute, accounts, weight }) => [
    words(kind),
    make('code', {}, attribute),
    whole(accounts),
    percent(weight),
  ]);
  return table('Linking evidence', ['Kind', 'Attribute (masked)', 'Accounts', 'Weight'], rows);
}

/** @param {string[]} all */
function samples(all) {
  if (all.length === 0) return make('p', { class: 'note' }, 'None kept.');
  return make('ul', { class: 'samples' }, ...all.map((id) => make('li', {}, make('code', {}, id))));
}

/** @param {any[]} all */
function timeline(all) {
  const rows = all.map((entry) => [
    String(entry.revision),
    time(entry.updated_at_ms),
    entry.type.replace('stillwatch.alert.', ''),
    badge(entry.severity),
    whole(entry.account_count),
    whole(entry.exchange_count),
    percent(entry.confidence),
  ]);
  return table('Timeline', ['Revision', 'When', 'What', 'Severity', 'Accounts', 'Exchanges', 'Confidence'], rows);
}

/** @param {any[]} all */
function windows(all) {
  if (all.length === 0) return make('p', { class: 'note' }, 'No hourly window is stored yet.');
  const rows = all.map((hour) => [
    time(hour.window_end_ms),
    whole(hour.calls),
    whole(hour.accounts),
    words(hour.verdict),
    percent(hour.confidence),
  ]);
  return table('Hour by hour', ['Hour until', 'Calls', 'Accounts', 'Verdict', 'Confidence'], rows);
}

/** @param {string} sql */
function copyable(sql) {
  const button = make('button', { type: 'button' }, 'Copy the SQL');
  const said = make('span', { role: 'status' });
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(sql);
      said.textContent = ' Copied';
    } catch {
      // Without https a browser has no clipboard for pages other than those of the loopback.
      said.textContent = ' The browser does not allow it: select the text by hand';
    }
  });
  const text = make('pre', { tabindex: '0', role: 'region', 'aria-label': 'SQL' }, sql);
  return make('div', {}, text, make('p', {}, button, said));
}
