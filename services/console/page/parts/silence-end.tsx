import type { EffectiveSilence } from '../../../feedback/silences.ts';
import { span } from '../times.ts';
import { counted } from '../words.ts';
import { Moment } from './small.tsx';

type Ending = Pick<EffectiveSilence, 'ends_at_ms' | 'idle_ms' | 'until_ms' | 'end_cause' | 'kept_back'>;

/** Until when it is in force, or was, and why it ended then. */
export function SilenceEnd({ silence }: { silence: Ending }) {
  const { ends_at_ms, idle_ms, until_ms, end_cause } = silence;
  if (isOver(silence))
    return (
      <>
        <Moment at={until_ms} /> <span class="soft">{whyOver(silence)}</span>
      </>
    );
  return (
    <>
      <Moment at={ends_at_ms} />
      {idle_ms > 0 && <span class="soft">, or when it has kept nothing back for {span(idle_ms)}</span>}
      {end_cause === 'idle' && (
        <span class="soft">
          : as it is now, <Moment at={until_ms} />
        </span>
      )}
    </>
  );
}

export const isOver = ({ until_ms }: Pick<Ending, 'until_ms'>): boolean => until_ms <= Date.now();

/** In a word or two. */
export function whyOver({ end_cause, idle_ms }: Pick<Ending, 'end_cause' | 'idle_ms'>): string {
  if (end_cause === 'idle') return `idle for ${span(idle_ms)}`;
  return end_cause === 'somebody' ? 'ended by somebody' : 'at its time';
}

export const keptBack = (messages: number): string => `${counted(messages, 'message')} kept back`;
