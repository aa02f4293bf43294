import { useState } from 'preact/hooks';
import type { AlertCase } from '../../schemas/alert-case.ts';
import type { ExceptionPreview } from '../../schemas/exception.ts';
import { useLive } from '../api.ts';
import { linkTo } from '../route.ts';
import { counted, whole, words } from '../words.ts';
import { Notice } from './dialog.tsx';
import { Code, Copy, Moment, Severity, Table, Trouble } from './small.tsx';

/** What an exception can name so that this alert would not be there. */
function choicesOf({
  subject_type,
  subject_id,
  cluster_id,
  linking_evidence,
}: AlertCase): [text: string, query: string][] {
  const query = (kind: string, value: string): string => new URLSearchParams({ kind, value }).toString();
  const name = cluster_id ?? subject_id;
  return [
    [`${subject_type} ${name}`, query(subject_type, name)],
    ...linking_evidence.map(({ kind, attribute }): [string, string] => [
      `whom ${words(kind)} ${attribute} alone joins`,
      query('attribute', `${kind}:${attribute}`),
    ]),
  ];
}

/** Only shown: an exception belongs in the rule file, where it is reviewed, has an owner and ends. */
export function ExceptionDialog({ alert, close }: { alert: AlertCase; close(): void }) {
  const choices = choicesOf(alert);
  const [chosen, setChosen] = useState(choices[0]?.[1] ?? '');
  const { answer, error } = useLive<ExceptionPreview>(`api/exceptions/preview?${chosen}`, null);
  return (
    <Notice title="Allow-list" heading="Never alert on it again" close={close}>
      {choices.length > 1 && (
        <label>
          What to except
          <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
            {choices.map(([text, query]) => (
              <option key={query} value={query}>
                {text}
              </option>
            ))}
          </select>
        </label>
      )}
      <Trouble error={error} />
      {answer !== null && <Preview preview={answer} />}
    </Notice>
  );
}

function Preview({ preview: { yaml, hidden, looked_at, rules_known } }: { preview: ExceptionPreview }) {
  return (
    <>
      <p>
        Add this under <code>allow:</code> in the rules, with who answers for it and why; then{' '}
        <code>stillwatch rules apply</code>.
      </p>
      <Code name="Exception">{yaml}</Code>
      <Copy text={yaml} what="the YAML" />
      <p role="status">
        {hidden === null
          ? 'Which alerts it would hide is not known from what is stored.'
          : `It would hide ${hidden.length === 0 ? 'none' : whole(hidden.length)} of the ${counted(looked_at, 'alert')} that are open or were updated in the last 30 days.`}
        {!rules_known && ' The rules in force cannot be read now: some of it they may except already.'}
      </p>
      {hidden !== null && hidden.length > 0 && (
        <Table name="Alerts that it would hide" heads={['Severity', 'Alert', 'Status', 'Updated']}>
          {hidden.map(({ alert_id, severity, verdict, status, summary, updated_at_ms }) => (
            <tr key={alert_id}>
              <td>
                <Severity of={severity} />
              </td>
              <td class="wide">
                <a href={linkTo('alerts', alert_id)} title={summary}>
                  {alert_id}
                </a>{' '}
                <span class="soft">{words(verdict)}</span>
              </td>
              <td>{status}</td>
              <td>
                <Moment at={updated_at_ms} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}
