import { useEffect } from 'preact/hooks';
import type { AuditList } from '../../schemas/feedback.ts';
import { usePaged } from '../paging.ts';
import { Moment, More, Table, Trouble } from '../parts/small.tsx';

const REFRESH = 15_000;

/** Who changed what. */
export function AuditPage() {
  const { items, answer, error, more } = usePaged<AuditList['entries'][number], AuditList>(
    'api/audit?limit=100',
    REFRESH,
    ({ entries }) => entries,
    ({ audited_at_ms, entry_id }) => `${audited_at_ms} ${entry_id}`,
  );
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
      {items.length > 0 && (
        <Table name="Audit log" heads={['When', 'Who', 'Role', 'Did', 'To', 'From', 'How']}>
          {items.map((row) => (
            <tr key={`${row.audited_at_ms} ${row.entry_id}`}>
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
      <More more={more} />
    </>
  );
}
