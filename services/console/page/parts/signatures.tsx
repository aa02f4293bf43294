import type { AlertFeature, AlertSignature } from '../../../records/alert.ts';
import { figure, percent, words } from '../words.ts';
import { Contribution, FeatureScale } from './scale.tsx';
import { Scroll } from './small.tsx';

interface SignaturesProps {
  signatures: readonly AlertSignature[];
  /** How each feature is computed, by name. */
  formulas: Readonly<Record<string, string>>;
}

/** Strongest first; of each, what it was made of: contributions add up to the score. */
export function Signatures({ signatures, formulas }: SignaturesProps) {
  if (signatures.length === 0) return <p class="soft">No signature fired.</p>;
  return (
    <Scroll name="Signatures and their features">
      <table class="signatures">
        <thead>
          <tr>
            {['Feature', 'Value', 'On its thresholds, and on its cohort', 'Contribution'].map((head) => (
              <th key={head} scope="col" class={head === 'Value' ? 'number' : ''}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        {signatures.map(({ name, version, score, features }) => (
          <tbody key={name}>
            <tr class="signature">
              <th scope="rowgroup" colSpan={3}>
                {words(name)} <span class="soft">v{version}</span>
              </th>
              <td>
                <b>{percent(score)}</b> <span class="soft">score</span>
              </td>
            </tr>
            {features.map((feature) => (
              <Feature key={feature.name} feature={feature} formula={formulas[feature.name] ?? ''} />
            ))}
          </tbody>
        ))}
      </table>
    </Scroll>
  );
}

function Feature({ feature, formula }: { feature: AlertFeature; formula: string }) {
  return (
    <tr>
      <td class="feature">
        {words(feature.name)}
        {formula !== '' && <span class="soft formula">{formula}</span>}
      </td>
      <td class="number">
        {figure(feature.value)} <span class="soft">{feature.unit}</span>
      </td>
      <td>
        <FeatureScale feature={feature} />
      </td>
      <td>
        <Contribution of={feature} />
      </td>
    </tr>
  );
}
