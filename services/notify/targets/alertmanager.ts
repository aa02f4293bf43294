import type { Alert } from '../../records/alert.ts';
import { jsonHeaders, type Target, type TargetRequest, type Telling, type Told } from './target.ts';
import { consoleLink, dedupKey, groupKey, percent, titleOf, webLink } from './text.ts';

export interface AlertmanagerOptions {
  name: string;
  /** Its root. */
  url: string;
  labels: Readonly<Record<string, string>>;
  bearerToken: string | null;
  /** The console's, for links to it; none when empty. */
  consoleUrl: string;
  allowPrivateAddress: boolean;
}

/** Alertmanager ends an alert by itself at its `endsAt`, five minutes from now if there is none; ours end when we say so, or when nobody has said anything for this long. */
const EXPIRY = 7 * 24 * 60 * 60_000;

/**
 * API v2. An alert is its labels there. Severity and verdict are among them, since routing trees ask for them; when one has changed, the labels that were
 * told before end in the same request in which the new ones begin.
 */
export function alertmanagerTarget(options: AlertmanagerOptions): Target {
  return {
    name: options.name,
    kind: 'alertmanager',
    allowPrivateAddress: options.allowPrivateAddress,
    request: (telling) => alertmanagerRequest(telling, options),
  };
}

export function alertmanagerRequest(
  { event, told, now }: Telling,
  { url, labels, bearerToken, consoleUrl }: Pick<AlertmanagerOptions, 'url' | 'labels' | 'bearerToken' | 'consoleUrl'>,
): TargetRequest {
  const { alert } = event;
  // Event time may run behind the clock, never before it: an end that is still to come would leave the alert firing.
  const ended = Math.min(alert.updated_at, now);
  const link = consoleLink(consoleUrl, alert);
  const common = {
    startsAt: new Date(Math.min(alert.opened_at, ended)).toISOString(),
    annotations: annotations(titleOf({ ...event, type: 'stillwatch.alert.opened' }), alert),
    ...(link === null ? {} : { generatorURL: link }),
  };
  const is = { severity: alert.severity, verdict: alert.verdict };
  const alerts = [
    {
      ...common,
      labels: { ...labels, ...ownLabels(alert, is) },
      endsAt: new Date(alert.status === 'resolved' ? ended : now + EXPIRY).toISOString(),
    },
  ];
  if (told !== null && (told.severity !== is.severity || told.verdict !== is.verdict))
    alerts.unshift({
      ...common,
      labels: { ...labels, ...ownLabels(alert, told) },
      endsAt: new Date(ended).toISOString(),
    });
  const headers = jsonHeaders(event);
  if (bearerToken !== null) headers['authorization'] = `Bearer ${bearerToken}`;
  return { url: `${url.replace(/(?<!\/)\/+$/, '')}/api/v2/alerts`, headers, body: JSON.stringify(alerts) };
}

/** The same for the whole life of an alert but for what it was judged to be. */
function ownLabels(alert: Alert, { severity, verdict }: Told): Record<string, string> {
  return {
    alertname: 'StillwatchCampaign',
    alert_id: dedupKey(alert),
    group: groupKey(alert),
    subject_type: alert.subject_type,
    subject_id: alert.subject_id,
    severity,
    verdict,
  };
}

function annotations(title: string, alert: Alert): Record<string, string> {
  const runbook = webLink(alert.runbook_url);
  return {
    title,
    summary: alert.summary,
    revision: String(alert.revision),
    confidence: percent(alert.confidence),
    accounts: String(alert.account_count),
    exchanges: String(alert.exchange_count),
    cohort: alert.cohort,
    query: alert.query,
    ...(runbook === null ? {} : { runbook_url: runbook }),
  };
}
