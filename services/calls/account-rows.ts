import { createHash } from 'node:crypto';
import type { Accumulator } from '../records/accumulator.ts';
import { parseSchema, schemaText } from '../records/codec/schemas.ts';
import { avroRows, type RowCodec } from '../stream/row-codec.ts';
import { type AccountState, eventIdsOf } from './account-state.ts';
import { seenAttribute } from './seen-attribute.ts';

interface Window {
  start: number;
  accumulator: Accumulator;
}
interface Row {
  minutes: (Window & { event_ids: Iterable<string>; attributes: { key: number; value: string }[] })[];
  hours: Window[];
  days: Window[];
  reported_keys: number[];
  reported_at: number[];
}

/**
 * An account's state as bytes: most accounts have one call in a window, which weighs four kilobytes as objects and seven hundred bytes so, and a million of them
 * in a minute is a legitimate load. Accumulators are written as they travel.
 */
export function accountRows(): RowCodec<AccountState> {
  const windowFields = [{ name: 'start', type: 'long' }, accumulatorField()];
  const list = (name: string, items: unknown) => ({ name, type: { type: 'array', items } });
  const record = (name: string, fields: readonly unknown[]) => ({ type: 'record', name, fields });
  const text = JSON.stringify(
    record('stillwatch.AccountState', [
      list(
        'minutes',
        record('OpenMinute', [
          ...windowFields,
          list('event_ids', 'string'),
          list(
            'attributes',
            record('SeenAttribute', [
              { name: 'key', type: 'long' },
              { name: 'value', type: 'string' },
            ]),
          ),
        ]),
      ),
      list(
        'hours',
        record('OpenWindow', [
          { name: 'start', type: 'long' },
          { name: 'accumulator', type: 'Accumulator' },
        ]),
      ),
      list('days', 'OpenWindow'),
      list('reported_keys', 'long'),
      list('reported_at', 'long'),
    ]),
  );
  // Another version of the accumulator is another form.
  const format = `account 1 ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  return avroRows(format, parseSchema(text), toRow, toState);
}

function accumulatorField(): unknown {
  const { fields }: { fields: { name: string }[] } = JSON.parse(schemaText('account-window'));
  const field = fields.find(({ name }) => name === 'accumulator');
  if (field === undefined) throw new Error('an account window has no accumulator');
  return field;
}

function toRow({ minutes, hours, days, reported }: AccountState): Row {
  return {
    minutes: minutes.map(({ start, accumulator, eventIds, attributes }) => ({
      start,
      accumulator,
      event_ids: Array.isArray(eventIds) ? eventIds : [...eventIds],
      attributes,
    })),
    hours,
    days,
    reported_keys: reported.keys,
    reported_at: reported.at,
  };
}

function toState({ minutes, hours, days, reported_keys, reported_at }: Row): AccountState {
  return {
    minutes: minutes.map(({ start, accumulator, event_ids, attributes }) => ({
      start,
      accumulator,
      eventIds: eventIdsOf([...event_ids]),
      attributes: attributes.map(({ key, value }) => seenAttribute(key, value)),
    })),
    hours,
    days,
    reported: { keys: reported_keys, at: reported_at },
  };
}
