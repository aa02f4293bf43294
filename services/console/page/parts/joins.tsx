import { useState } from 'preact/hooks';
import type { JoinAttribute, JoinGroup, Joins } from '../../joins.ts';
import { counted, percent, whole, words } from '../words.ts';
import { Table } from './small.tsx';

const WIDTH = 720;
const LEFT = 232;
const RIGHT = 540;
const BAR = 10;
const GAP = 12;
const LEAST = 16;

interface Placed {
  top: number;
  height: number;
}

/** Heights by number of accounts, each tall enough for its name. */
function place(counts: readonly number[], total: number, room: number): Placed[] {
  let top = 0;
  return counts.map((count) => {
    const height = Math.max(LEAST, (count / Math.max(1, total)) * room);
    const placed = { top, height };
    top += height + GAP;
    return placed;
  });
}

const bottomOf = (placed: readonly Placed[]): number =>
  placed.reduce((most, { top, height }) => Math.max(most, top + height), 0);

const nameOf = (attribute: JoinAttribute): string => `${words(attribute.kind)} ${attribute.attribute}`;

function sayGroup({ attributes, accounts }: JoinGroup, joins: Joins, isRest: boolean): string {
  const names = attributes
    .map((place) => joins.attributes[place])
    .flatMap((found) => (found === undefined ? [] : nameOf(found)));
  if (names.length === 0) return `${counted(accounts, 'account')} with none of the attributes shown`;
  return `${counted(accounts, 'account')} ${isRest ? 'in smaller groups, with any of' : 'that share'} ${names.join(', ')}`;
}

/**
 * Attributes on the left, groups of accounts that have the same of them on the right, a band for each that has it: as many lines as there are groups, not
 * accounts. What one points at, or reaches with the keyboard, is said in words below and drawn strongly.
 */
export function JoinPicture({ joins }: { joins: Joins }) {
  const [chosen, setChosen] = useState<{ side: 'attribute' | 'group'; place: number } | null>(null);
  const left = place(
    joins.attributes.map(({ accounts }) => accounts),
    joins.accounts,
    90,
  );
  const right = place(
    joins.groups.map(({ accounts }) => accounts),
    joins.accounts,
    200,
  );
  const height = Math.max(bottomOf(left), bottomOf(right)) + 4;
  const shift = (placed: readonly Placed[]): number => (height - bottomOf(placed)) / 2;
  const [leftShift, rightShift] = [shift(left), shift(right)];
  const isLit = (attribute: number, group: number): boolean =>
    chosen === null || (chosen.side === 'attribute' ? chosen.place === attribute : chosen.place === group);
  const said =
    chosen === null
      ? `${counted(joins.accounts, 'account')}, joined by ${counted(joins.attributes.length + joins.further, 'attribute')}. Point at one, or reach it with Tab, to see what it joins.`
      : chosen.side === 'attribute'
        ? sayAttribute(joins, chosen.place)
        : sayGroup(
            joins.groups[chosen.place] ?? { attributes: [], accounts: 0 },
            joins,
            isRestGroup(joins, chosen.place),
          );

  return (
    <figure class="joins">
      <div class="scroll">
        {/* biome-ignore lint/a11y/useSemanticElements: a picture is no fieldset */}
        <svg
          viewBox={`0 0 ${WIDTH} ${height}`}
          width={WIDTH}
          height={height}
          role="group"
          aria-label="Accounts and the attributes that join them"
        >
          {joins.groups.flatMap((group, groupPlace) =>
            group.attributes.map((attributePlace, order) => {
              const from = left[attributePlace];
              const to = right[groupPlace];
              if (from === undefined || to === undefined) return null;
              const share = group.accounts / Math.max(1, joins.attributes[attributePlace]?.accounts ?? 1);
              const y1 = leftShift + from.top + from.height / 2;
              const y2 = rightShift + to.top + ((order + 0.5) / group.attributes.length) * to.height;
              const bend = (LEFT + RIGHT) / 2;
              return (
                <path
                  key={`${attributePlace} ${groupPlace}`}
                  class={isLit(attributePlace, groupPlace) ? 'band lit' : 'band'}
                  d={`M${LEFT + BAR},${y1} C${bend},${y1} ${bend},${y2} ${RIGHT},${y2}`}
                  stroke-width={1 + Math.min(1, share) * 7}
                />
              );
            }),
          )}
          {joins.attributes.map((attribute, number) => (
            <Node
              key={nameOf(attribute)}
              placed={left[number]}
              shift={leftShift}
              x={LEFT}
              side="attribute"
              lines={[attribute.attribute, `${words(attribute.kind)}, ${whole(attribute.accounts)}`]}
              label={sayAttribute(joins, number)}
              choose={(isChosen) => setChosen(isChosen ? { side: 'attribute', place: number } : null)}
            />
          ))}
          {joins.groups.map((group, number) => (
            <Node
              key={group.attributes.join(' ') + String(isRestGroup(joins, number))}
              placed={right[number]}
              shift={rightShift}
              x={RIGHT}
              side="group"
              lines={[counted(group.accounts, 'account')]}
              label={sayGroup(group, joins, isRestGroup(joins, number))}
              choose={(isChosen) => setChosen(isChosen ? { side: 'group', place: number } : null)}
            />
          ))}
        </svg>
      </div>
      <figcaption aria-live="polite">
        {said}
        {joins.further > 0 && chosen === null ? ` ${counted(joins.further, 'rarer attribute')} not drawn.` : ''}
      </figcaption>
    </figure>
  );
}

const isRestGroup = (joins: Joins, place: number): boolean => joins.hasRest && place === joins.groups.length - 1;

function sayAttribute(joins: Joins, number: number): string {
  const found = joins.attributes[number];
  if (found === undefined) return '';
  return `${nameOf(found)} joins ${counted(found.accounts, 'account')}, ${percent(found.accounts / Math.max(1, joins.accounts))} of them`;
}

interface NodeProps {
  placed: Placed | undefined;
  shift: number;
  x: number;
  side: 'attribute' | 'group';
  lines: readonly string[];
  label: string;
  choose(isChosen: boolean): void;
}

const MOST_LETTERS = 28;

function Node({ placed, shift, x, side, lines, label, choose }: NodeProps) {
  if (placed === undefined) return null;
  const y = shift + placed.top;
  const middle = y + placed.height / 2;
  const textX = side === 'attribute' ? x - 8 : x + BAR + 8;
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: the keyboard reaches what the mouse points at
    <g
      class={`node ${side}`}
      tabIndex={0}
      role="img"
      aria-label={label}
      onMouseEnter={() => choose(true)}
      onMouseLeave={() => choose(false)}
      onFocus={() => choose(true)}
      onBlur={() => choose(false)}
    >
      <rect x={x} y={y} width={BAR} height={placed.height} rx={2} />
      {lines.map((line, number) => (
        <text
          key={line}
          class={number === 0 ? '' : 'small'}
          x={textX}
          y={middle + 4 + (number - (lines.length - 1) / 2) * 13}
          text-anchor={side === 'attribute' ? 'end' : 'start'}
        >
          {line.length > MOST_LETTERS ? `${line.slice(0, MOST_LETTERS)}…` : line}
        </text>
      ))}
    </g>
  );
}

/** The same as a table. */
export function EvidenceTable({
  evidence,
}: {
  evidence: readonly { kind: string; attribute: string; accounts: number; weight: number }[];
}) {
  return (
    <Table
      name="Linking evidence"
      numbers={['Accounts', 'Weight']}
      heads={['Kind', 'Attribute (masked)', 'Accounts', 'Weight']}
    >
      {evidence.map(({ kind, attribute, accounts, weight }) => (
        <tr key={`${kind} ${attribute}`}>
          <td>{words(kind)}</td>
          <td>
            <code>{attribute}</code>
          </td>
          <td class="number">{whole(accounts)}</td>
          <td class="number">{percent(weight)}</td>
        </tr>
      ))}
    </Table>
  );
}
