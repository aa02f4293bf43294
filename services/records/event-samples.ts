import { withInserted } from './bins.ts';

export interface EventSample {
  event_id: string;
  hash: number;
}

const MOST_SAMPLES = 4;

/** At most MOST_SAMPLES event ids, those with the smallest hash: the same sample in any order. */
export function withSample(samples: EventSample[], event_id: string, hash: number): EventSample[] {
  let place = 0;
  for (; place < samples.length; place++) {
    const known = samples[place];
    if (known === undefined || known.hash > hash || (known.hash === hash && known.event_id >= event_id)) break;
  }
  const known = samples[place];
  if (place >= MOST_SAMPLES || (known?.hash === hash && known.event_id === event_id)) return samples;
  const extended = withInserted(samples, place, { event_id, hash });
  if (extended.length > MOST_SAMPLES) extended.pop();
  return extended;
}
