/** Why a record that could be decoded is refused. Never holds a value of the record: it goes into logs, metrics and dead letters. */
export interface Violation {
  /** Stable code, a metric's label: `missing_field`, `wrong_type`, `too_long`, `control_character`, `not_well_formed`, `timestamp_out_of_range`, `not_a_number`, `negative_value`, `implausible_value`. */
  reason: string;
  field: string;
  /** A sentence that begins with the field. */
  detail: string;
}

/** Event times outside are refused: one wrong clock must not move a whole partition's time. Milliseconds since the epoch, both ends allowed. */
export interface TimeBounds {
  earliest: number;
  latest: number;
}

export const LONGEST_ID = 256;
export const LONGEST_TEXT = 1_024;
export const MOST_INT = 2 ** 31 - 1;

/** Required text that names something: account, event, model. */
export function id(value: string, field: string): Violation | null {
  if (typeof value !== 'string' || value === '')
    return violation('missing_field', field, 'is required and is missing or empty');
  return characters(value, field, LONGEST_ID);
}

export function optionalText(value: string | null, field: string, longest = LONGEST_TEXT): Violation | null {
  if (value === null) return null;
  if (typeof value !== 'string') return violation('wrong_type', field, 'is not text');
  return characters(value, field, longest);
}

/**
 * Control characters break line-based logs and consoles. A lone surrogate has no UTF-8 form: Avro would carry another text than the file did, and the same
 * events would give other results live than replayed.
 */
function characters(value: string, field: string, longest: number): Violation | null {
  if (value.length > longest) return violation('too_long', field, `is longer than ${longest} characters`);
  let ascii = true;
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at);
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0))
      return violation('control_character', field, 'holds a control character');
    if (unit >= 0x80) ascii = false;
  }
  return ascii || value.isWellFormed() ? null : violation('not_well_formed', field, 'holds half of a surrogate pair');
}

export function time(value: number, field: string, { earliest, latest }: TimeBounds): Violation | null {
  if (!Number.isSafeInteger(value))
    return violation('timestamp_out_of_range', field, 'is not a whole number of milliseconds');
  const hint = "is the gateway's clock set, and does it send milliseconds?";
  if (value < earliest)
    return violation('timestamp_out_of_range', field, `is before ${new Date(earliest).toISOString()}: ${hint}`);
  if (value > latest)
    return violation('timestamp_out_of_range', field, `is after ${new Date(latest).toISOString()}: ${hint}`);
  return null;
}

/** A whole number from 0 to `most`. */
export function amount(value: number, field: string, most: number): Violation | null {
  if (!Number.isInteger(value)) return violation('not_a_number', field, 'is not a whole number');
  if (value < 0) return violation('negative_value', field, 'is negative');
  return value > most ? violation('implausible_value', field, `is above ${most}`) : null;
}

export function optionalAmount(value: number | null, field: string, most: number): Violation | null {
  return value === null ? null : amount(value, field, most);
}

export function optionalFlag(value: boolean | null, field: string): Violation | null {
  return value === null || typeof value === 'boolean'
    ? null
    : violation('wrong_type', field, 'is neither true nor false');
}

export function violation(reason: string, field: string, detail: string): Violation {
  return { reason, field, detail: `${field} ${detail}` };
}
