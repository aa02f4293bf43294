import type { UndeliveredCount } from '../../schemas/operation.ts';
import { linkTo } from '../route.ts';
import { whole } from '../words.ts';
import { Moment, Table } from './small.tsx';

/** Whom `notify` could not tell, and why. There is no way back: an earlier revision would open again what has ended. */
export function Undelivered({ counts }: { counts: readonly UndeliveredCount[] }) {
  return (
    <section aria-label="Undelivered alerts" class="panel">
      <h2>Undelivered alerts</h2>
      {counts.length === 0 ? (
        <p class="soft">None: whoever was to be told of an alert was told.</p>
      ) : (
        <>
          <Table
            name="Undelivered alerts by target and reason"
            numbers={['Messages']}
            heads={['Target', 'Reason', 'Messages', 'Newest', 'Alert']}
          >
            {counts.map(({ target, reason, messages, newest_ms, alert_id }) => (
              <tr key={`${target} ${reason}`}>
                <td>{target}</td>
                <td class="wide">{reason}</td>
                <td class="number">{whole(messages)}</td>
                <td>
                  <Moment at={newest_ms} />
                </td>
                <td class="wide">
                  <a href={linkTo('alerts', alert_id)}>{alert_id}</a>
                </td>
              </tr>
            ))}
          </Table>
          <p class="soft">
            Nobody there knows of them but by an alert's next update: tell them another way, mend the target, and try it
            with <code>stillwatch notify test</code>. <code>stillwatch notify undelivered</code> lists each message.
          </p>
        </>
      )}
    </section>
  );
}
