import { useEffect, useState } from 'preact/hooks';
import type { SilenceList } from '../../schemas/feedback.ts';
import { type Paged, usePaged } from '../paging.ts';
import { EndSilenceDialog } from '../parts/end-silence.tsx';
import { SilenceEnd } from '../parts/silence-end.tsx';
import { Moment, More, Table, Trouble } from '../parts/small.tsx';
import { linkTo } from '../route.ts';
import { useActor } from '../session.ts';
import { whole } from '../words.ts';

const REFRESH = 15_000;
type Row = SilenceList['silences'][number];
type Rows = Paged<Row, SilenceList>;

const useSilences = (state: 'in_force' | 'over'): Rows =>
  usePaged<Row, SilenceList>(
    `api/silences?state=${state}`,
    REFRESH,
    ({ silences }) => silences,
    ({ silence_id }) => silence_id,
  );

/** Of whom people are not told for a while, and were not. */
export function SilencesPage() {
  const inForce = useSilences('in_force');
  const over = useSilences('over');
  const [ending, setEnding] = useState<string | null>(null);
  const { mayAct } = useActor();
  const refresh = (): void => {
    inForce.refresh();
    over.refresh();
  };
  useEffect(() => {
    document.title = 'Silences · stillwatch';
  }, []);
  return (
    <>
      <div class="title">
        <h1>Silences</h1>
        <p class="soft">What is silenced is still detected, updated and shown. A silence is begun on an alert.</p>
      </div>
      <Trouble error={inForce.error ?? over.error} />
      <section aria-label="In force" class="panel">
        <h2>In force</h2>
        {inForce.answer !== null && inForce.items.length === 0 && <p class="soft">Nobody is silenced.</p>}
        <SilenceTable name="Silences in force" rows={inForce} end={mayAct ? setEnding : null} />
      </section>
      <section aria-label="Over" class="panel">
        <h2>Over</h2>
        {over.answer !== null && over.items.length === 0 && <p class="soft">None is over.</p>}
        <SilenceTable name="Silences that are over" rows={over} end={null} />
      </section>
      {ending !== null && <EndSilenceDialog silenceId={ending} done={refresh} close={() => setEnding(null)} />}
    </>
  );
}

interface SilenceTableProps {
  name: string;
  rows: Rows;
  /** Null: none of them can be ended. */
  end: ((silenceId: string) => void) | null;
}

function SilenceTable({ name, rows: { items, more }, end }: SilenceTableProps) {
  if (items.length === 0) return null;
  const heads = ['What', 'Open alerts', 'Kept back', 'Who', 'Why', 'From', 'Until'];
  return (
    <>
      <Table name={name} numbers={['Open alerts', 'Kept back']} heads={end === null ? heads : [...heads, 'Sooner']}>
        {items.map(({ silence_id, target_type, target_id, author, reason, starts_at_ms, ...rest }) => (
          <tr key={silence_id}>
            <td>
              {target_type} <a href={linkTo(target_type === 'alert' ? 'alerts' : 'clusters', target_id)}>{target_id}</a>
            </td>
            <td class="number">{whole(rest.open_alerts)}</td>
            <td class="number">{whole(rest.kept_back)}</td>
            <td>{author}</td>
            <td class="wide">{reason}</td>
            <td>
              <Moment at={starts_at_ms} />
            </td>
            <td>
              <SilenceEnd silence={rest} />
            </td>
            {end !== null && (
              <td>
                <button type="button" onClick={() => end(silence_id)}>
                  End it now
                </button>
              </td>
            )}
          </tr>
        ))}
      </Table>
      <More more={more} />
    </>
  );
}
