import { useEffect } from 'preact/hooks';
import type { AuditRow } from '../../../feedback/audit.ts';
import { useLive } from '../api.ts';
import { Moment, Table, Trouble } from '../parts/small.tsx';

const REFRESH = 15_000;

/** Who changed what. */
export function AuditPage() {
  const { answer, error } = useLive<{ entries: AuditRow[] }>('/api/audit', REFRESH);
  useEffect(() => {
    document.title = 'Audit · stillwatch';
  }, []);
  return (
    <>
      <div class="title">
        <h1>Audit</h1>
      </div>
      <Trouble error={error} />
      {answer?.entries.length === 0 && <p class="soft">Nobody has changed anything yet.</p>}
      {answer !== null && answer.entries.length > 0 && (
        <Table name="Audit log" heads={['When', 'Who', 'Role', 'Did', 'To', 'From', 'How']}>
          {answer.entries.map((row, place) => (
            <tr key={`${row.audited_at_ms} ${place}`}>
              <td>
                <Moment at={row.audited_at_ms} />
              </td>
              <td>{row.author}</td>
              <td>{row.role}</td>
              <td>{row.action}</td>
              <td class="wide">{row.target}</td>
              <td>{row.address}</td>
              <td class="wide">
                <code>{row.detail}</code>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}
