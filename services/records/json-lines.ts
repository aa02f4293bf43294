import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { Account } from './account.ts';
import type { ApiCall } from './api-call.ts';

/** A line that could not be used: named by file, line, column and field; the rest is processed. */
export interface LineError {
  file: string;
  line: number;
  /** Counted from 1; 1 when the whole line is meant. */
  column: number;
  field: string | null;
  message: string;
}

type Kind = 'text' | 'integer' | 'number' | 'boolean' | 'time' | 'bytes';
interface FieldSpec {
  kind: Kind;
  required: boolean;
}

const required = (kind: Kind): FieldSpec => ({ kind, required: true });
const optional = (kind: Kind): FieldSpec => ({ kind, required: false });

const CALL_FIELDS: Readonly<Record<keyof ApiCall, FieldSpec>> = {
  event_id: required('text'),
  occurred_at: required('time'),
  account_id: required('text'),
  api_key_id: optional('text'),
  source_ip: optional('text'),
  source_asn: optional('integer'),
  user_agent: optional('text'),
  tls_fingerprint: optional('text'),
  operation_name: required('text'),
  request_model: required('text'),
  input_tokens: required('integer'),
  output_tokens: required('integer'),
  reasoning_tokens: optional('integer'),
  cached_input_tokens: optional('integer'),
  max_tokens: optional('integer'),
  temperature: optional('number'),
  stream: optional('boolean'),
  system_prompt_hash: optional('text'),
  tools_hash: optional('text'),
  tool_call_count: optional('integer'),
  image_count: optional('integer'),
  message_count: optional('integer'),
  prompt_text: optional('text'),
  prompt_fingerprint: optional('bytes'),
  finish_reason: optional('text'),
  status_code: required('integer'),
  duration_ms: optional('integer'),
};

const ACCOUNT_FIELDS: Readonly<Record<keyof Account, FieldSpec>> = {
  account_id: required('text'),
  created_at: required('time'),
  updated_at: required('time'),
  organization_id: optional('text'),
  plan: required('text'),
  payment_fingerprint: optional('text'),
  payment_bin: optional('text'),
  signup_ip: optional('text'),
  signup_device: optional('text'),
  email_domain: optional('text'),
  country: optional('text'),
  reseller_id: optional('text'),
  verified: optional('boolean'),
  status: required('text'),
};

/** A value with its place, for what is found wrong with it later. */
export interface Line<Value> {
  value: Value;
  file: string;
  line: number;
}

export type OnLineError = (error: LineError) => void;

/** Bytes of files that were read so far, packed as they are. */
export interface ReadMeter {
  bytes: number;
}

/** Calls of one file, in its order. */
export function readCallFile(file: string, onError: OnLineError, meter?: ReadMeter): AsyncGenerator<Line<ApiCall>> {
  return readFile<ApiCall>(file, CALL_FIELDS, onError, meter);
}

export function readAccountFile(file: string, onError: OnLineError): AsyncGenerator<Line<Account>> {
  return readFile<Account>(file, ACCOUNT_FIELDS, onError);
}

/** Calls of all files by event time; each file must be in order itself. Ties go to the file named first. */
export async function* readCalls(
  files: readonly string[],
  onError: OnLineError,
  meter?: ReadMeter,
): AsyncGenerator<Line<ApiCall>> {
  const readers = files.map((file) => readCallFile(file, onError, meter));
  const heads = await Promise.all(readers.map((reader) => reader.next()));
  for (;;) {
    let first = -1;
    for (const [place, head] of heads.entries()) {
      if (head.done === true) continue;
      const best = heads[first];
      if (best === undefined || best.done === true || head.value.value.occurred_at < best.value.value.occurred_at)
        first = place;
    }
    const head = heads[first];
    const reader = readers[first];
    if (head === undefined || head.done === true || reader === undefined) return;
    yield head.value;
    heads[first] = await reader.next();
  }
}

async function* readFile<Value>(
  file: string,
  fields: Readonly<Record<string, FieldSpec>>,
  onError: OnLineError,
  meter?: ReadMeter,
): AsyncGenerator<Line<Value>> {
  const raw = createReadStream(file);
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  // `pipe` does not pass errors on: a missing file must not look like an empty one.
  raw.on('error', (error) => input !== raw && input.destroy(error));
  let line = 0;
  let counted = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (meter !== undefined && raw.bytesRead !== counted) {
      meter.bytes += raw.bytesRead - counted;
      counted = raw.bytesRead;
    }
    if (text.trim() === '') continue;
    const report = (message: string, field: string | null, column = 1): void =>
      onError({ file, line, column, field, message });
    const value = parseLine(text, fields, report);
    // The fields have just been checked one by one against the record's own list.
    if (value !== null) yield { value: value as Value, file, line };
  }
}

function parseLine(
  text: string,
  fields: Readonly<Record<string, FieldSpec>>,
  report: (message: string, field: string | null, column?: number) => void,
): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '');
    report('is not JSON', null, position === null ? text.length + 1 : Number(position[1]) + 1);
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    report('is not a JSON object', null);
    return null;
  }
  const given = new Map(Object.entries(parsed));
  const record: Record<string, unknown> = {};
  for (const [name, { kind, required: mustBe }] of Object.entries(fields)) {
    const value = given.get(name) ?? null;
    const column = (): number => Math.max(0, text.indexOf(`"${name}"`)) + 1;
    if (value === null) {
      if (mustBe) {
        report('is required and is missing', name);
        return null;
      }
      record[name] = null;
      continue;
    }
    const converted = convert(value, kind);
    if (converted === undefined) {
      report(`expected ${EXPECTED[kind]}, found ${typeof value}`, name, column());
      return null;
    }
    record[name] = converted;
  }
  return record;
}

const EXPECTED: Readonly<Record<Kind, string>> = {
  text: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  time: 'a time, ISO 8601 or milliseconds since 1970',
  bytes: 'base64 text',
};

/** undefined: not of that kind. */
function convert(value: unknown, kind: Kind): unknown {
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'integer':
      return Number.isInteger(value) ? value : undefined;
    case 'number':
      return typeof value === 'number' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'time': {
      if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
      const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
      return Number.isNaN(time) ? undefined : time;
    }
    case 'bytes':
      return typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
        ? Buffer.from(value, 'base64')
        : undefined;
  }
}
