import { useEffect } from 'preact/hooks';
import type { RulesAnswer } from '../../schemas/operation.ts';
import { useLive } from '../api.ts';
import { BacktestDifference } from '../parts/backtest.tsx';
import { Moment, Table, Tag, Trouble } from '../parts/small.tsx';
import { counted, percent, whole, words } from '../words.ts';

const REFRESH = 60_000;

/** What runs, what each signature found, and what a shadow signature would have added. */
export function RulesPage() {
  const { answer: rules, error } = useLive<RulesAnswer>('api/rules', REFRESH);
  useEffect(() => {
    document.title = 'Rules · stillwatch';
  }, []);
  if (rules === null) return error === null ? <p class="soft">Asking …</p> : <Trouble error={error} />;
  const judging = rules.uses[0]?.rules_hash ?? null;
  const inForce = rules.versions?.findLast(({ hash }) => judging === null || hash === judging) ?? null;
  const results = new Map(rules.results.map((result) => [result.signature, result]));
  const precision = new Map(rules.precision.map((row) => [row.signature, row]));
  const names = [...new Set([...(inForce?.signatures.map(({ name }) => name) ?? []), ...results.keys()])];
  const modes = new Map(inForce?.signatures.map(({ name, mode }) => [name, mode]));
  return (
    <>
      <div class="title">
        <h1>Rules</h1>
        <p class="soft">
          {judging === null ? (
            'No window has been judged yet.'
          ) : (
            <>
              The newest windows were judged by <code>{judging}</code>.
            </>
          )}
        </p>
      </div>
      <Trouble error={error} />
      <section aria-label="Signatures" class="panel">
        <h2>Signatures over the last seven days</h2>
        <p class="soft">
          A shadow signature is scored and stored, and never alerts: <i>beyond the verdict</i> says how many subjects it
          scored half or more that were not accused.
        </p>
        <Table
          name="Signatures"
          numbers={['Hours looked at', 'Scored half or more', 'Subjects', 'Beyond the verdict', 'Marked true']}
          heads={[
            'Signature',
            'Mode',
            'Hours looked at',
            'Scored half or more',
            'Subjects',
            'Beyond the verdict',
            'Marked true',
          ]}
        >
          {names.map((name) => {
            const result = results.get(name);
            const marked = precision.get(name);
            const mode = modes.get(name);
            return (
              <tr key={name}>
                <td class="wide">{words(name)}</td>
                <td>
                  {mode === undefined ? (
                    <span class="soft">not known</span>
                  ) : (
                    <Tag tone={mode === 'shadow' ? 'due' : ''}>{mode}</Tag>
                  )}
                </td>
                <td class="number">{whole(result?.looked_at ?? 0)}</td>
                <td class="number">
                  {whole(result?.strong ?? 0)}{' '}
                  <span class="soft">
                    {result === undefined ? '' : percent(result.strong / Math.max(1, result.looked_at))}
                  </span>
                </td>
                <td class="number">{whole(result?.subjects ?? 0)}</td>
                <td class="number">{whole(result?.beyond_verdict ?? 0)}</td>
                <td class="number">
                  {marked === undefined ? (
                    <span class="soft">no marks</span>
                  ) : (
                    `${whole(marked.marked_true)} of ${whole(marked.marked)}`
                  )}
                </td>
              </tr>
            );
          })}
        </Table>
      </section>
      <section aria-label="Published rules" class="panel">
        <h2>Published</h2>
        {rules.versions === null ? (
          <p class="soft">What was published cannot be read now: {rules.versions_error}</p>
        ) : (
          <Table
            name="Published rules"
            numbers={['Exceptions']}
            heads={['Rules', 'Hold from (event time)', 'Published', 'By', 'Signatures', 'Exceptions']}
          >
            {[...rules.versions]
              .reverse()
              .map(({ hash, effective_at_ms, published_at_ms, origin, signatures, allow }) => (
                <tr key={`${hash} ${published_at_ms}`}>
                  <td>
                    <code>{hash}</code> {hash === judging && <Tag tone="done">judging</Tag>}
                  </td>
                  <td>{effective_at_ms === 0 ? 'the beginning' : <Moment at={effective_at_ms} />}</td>
                  <td>
                    <Moment at={published_at_ms} />
                  </td>
                  <td>{origin === 'file' ? 'rule file' : 'rules apply'}</td>
                  <td>{modesInWords(signatures)}</td>
                  <td class="number">{whole(allow.length)}</td>
                </tr>
              ))}
          </Table>
        )}
      </section>
      <section aria-label="Exceptions" class="panel">
        <h2>Exceptions in force</h2>
        {(inForce?.allow ?? []).length === 0 ? (
          <p class="soft">
            {inForce === null ? 'Not known without the published rules.' : 'None: everybody can be accused.'}
          </p>
        ) : (
          <Table name="Exceptions" heads={['What', 'Owner', 'Reason', 'Ends']}>
            {inForce?.allow.map(({ kind, value, owner, reason, expires }) => (
              <tr key={`${kind} ${value}`}>
                <td>
                  {kind} <code>{value}</code>
                </td>
                <td>{owner}</td>
                <td class="wide">{reason}</td>
                <td>{expires}</td>
              </tr>
            ))}
          </Table>
        )}
      </section>
      <section aria-label="Which rules judged" class="panel">
        <h2>Which rules judged the stored hours</h2>
        <Table name="Which rules judged" numbers={['Windows']} heads={['Rules', 'Windows', 'From', 'To']}>
          {rules.uses.map(({ rules_hash, windows, first_ms, last_ms }) => (
            <tr key={rules_hash}>
              <td class="wide">
                <code>{rules_hash}</code>
              </td>
              <td class="number">{whole(windows)}</td>
              <td>
                <Moment at={first_ms} />
              </td>
              <td>
                <Moment at={last_ms} />
              </td>
            </tr>
          ))}
        </Table>
      </section>
      <BacktestDifference />
    </>
  );
}

function modesInWords(signatures: readonly { mode: string }[]): string {
  return ['on', 'shadow', 'off']
    .map((mode) => [mode, signatures.filter((signature) => signature.mode === mode).length] as const)
    .filter(([, count]) => count > 0)
    .map(([mode, count]) => `${counted(count, mode, mode)}`)
    .join(', ');
}
