import type { ApiCall } from '../../../services/records/api-call.ts';
import { type Draw, type Kind, type Made, oneOf } from '../mutant.ts';

type TextField = {
  [Name in keyof ApiCall]: string extends NonNullable<ApiCall[Name]> ? Name : never;
}[keyof ApiCall];

/** Fields that the caller of the API chooses himself: whatever is in them, the call is counted. */
const CHOSEN: readonly TextField[] = ['user_agent', 'prompt_text'];
/** Fields that the gateway fills in; of these only control characters, halves of surrogates and lengths are looked at. */
const GIVEN: readonly TextField[] = [
  'event_id',
  'account_id',
  'api_key_id',
  'source_ip',
  'tls_fingerprint',
  'operation_name',
  'request_model',
  'system_prompt_hash',
  'tools_hash',
  'finish_reason',
];

/** Names that objects have already. */
const PROTOTYPE_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  'constructor.prototype.polluted',
  '__proto__[polluted]',
];
/** Direction marks and isolates, zero-width characters, a tag, a variation selector, line and paragraph separators. */
const BIDI = [
  '\u202e',
  '\u2066\u2069',
  '\u200f',
  '\u061c',
  '\u200b',
  '\ufeff',
  '\u{e0041}',
  '\ufe0f',
  '\u2028',
  '\u2029',
];
/** Grows eighteenfold under NFKC; a stack of marks; a letter that grows in lower case; astral letters; a digit in another script. */
const UNICODE = [
  '\ufdfa',
  `a${'\u0301'.repeat(50)}`,
  '\u0130',
  '\u{1d400}\u{1d7d8}',
  '\u0661',
  '\uff21',
  '\u{1f468}\u200d\u{1f469}',
];

const ADDRESSES = [
  'fe80::1%eth0',
  'fe80::1%25eth0',
  `fe80::1%${'z'.repeat(200)}`,
  'fe80::%',
  '%eth0',
  '::ffff:203.0.113.7',
  '::ffff:203.0.113.7%3',
  '2001:db8::1',
  '::',
  ':::',
  '1',
  '0x7f.1',
  '010.0.0.1',
  '256.1.1.1',
  '1.2.3.4.5',
  'h:',
  'h:zz',
  `h:${'0'.repeat(500)}`,
  '[2001:db8::1]:443',
  '203.0.113.7:443',
  'localhost',
  '',
  ' ',
  '1:'.repeat(300),
];

/** Not UTF-8: a lone continuation, an overlong slash, both halves of a surrogate pair as bytes and one alone, what is above Unicode, what is cut off. */
const NOT_UTF8 = [
  [0x80],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xed, 0xb0, 0x80],
  [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0xe2, 0x82],
  [0xff, 0xfe],
].map((bytes) => Buffer.from(bytes));

/** Stands where other bytes are put into an encoded call. */
const PLACE = '\u0001';

export function textKinds(): Kind[] {
  const kind = (name: string, fate: Kind['fate'], weight: number, make: (draw: Draw) => Made): Kind => ({
    name,
    fate,
    weight,
    topic: 'calls',
    make,
  });
  const withText = (draw: Draw, field: TextField, text: string): Made => ({
    value: draw.encodeCall({ ...draw.call(), [field]: text }),
  });
  const any = (draw: Draw): TextField => oneOf(draw.random, [...GIVEN, ...CHOSEN]);
  const mixedIn = (draw: Draw, text: string): string =>
    oneOf(draw.random, [text, `x${text}`, `${text}x`, `a${text}b${text}`, text.repeat(8)]);
  return [
    kind('prototype keys', 'alive', 40, (draw) => withText(draw, any(draw), oneOf(draw.random, PROTOTYPE_KEYS))),
    kind('direction and invisible characters', 'alive', 25, (draw) =>
      withText(draw, any(draw), mixedIn(draw, oneOf(draw.random, BIDI))),
    ),
    kind('strange Unicode', 'alive', 20, (draw) =>
      withText(draw, oneOf(draw.random, CHOSEN), oneOf(draw.random, UNICODE).repeat(1 + draw.random.below(200))),
    ),
    kind('addresses', 'alive', 30, (draw) => withText(draw, 'source_ip', oneOf(draw.random, ADDRESSES))),
    kind('not UTF-8', 'alive', 30, (draw) => ({ value: withBytes(draw, any(draw), oneOf(draw.random, NOT_UTF8)) })),
    kind('lone surrogates', 'alive', 15, (draw) =>
      // A JavaScript gateway: its library writes what UTF-8 has no form for as U+FFFD.
      withText(
        draw,
        oneOf(draw.random, CHOSEN),
        mixedIn(draw, oneOf(draw.random, ['\ud800', '\udfff', '\udc00\ud800'])),
      ),
    ),
    kind('NUL in what the caller chooses', 'alive', 15, (draw) =>
      withText(draw, oneOf(draw.random, CHOSEN), mixedIn(draw, oneOf(draw.random, ['\0', '\x1b[2J', '\x7f', '\x85']))),
    ),
    kind('NUL in what the gateway gives', 'dead', 15, (draw) =>
      withText(draw, oneOf(draw.random, GIVEN), mixedIn(draw, oneOf(draw.random, ['\0', '\r\n', '\x7f', '\x85']))),
    ),
    kind('user agent of 1,024 characters and more', 'alive', 15, (draw) =>
      withText(
        draw,
        'user_agent',
        oneOf(draw.random, ['a', 'a/', '(', ';', 'Mozilla/5.0 (', ' ']).repeat(
          oneOf(draw.random, [1_024, 1_025, 20_000]),
        ),
      ),
    ),
    kind('too long for its field', 'dead', 10, (draw) =>
      withText(draw, oneOf(draw.random, GIVEN), 'x'.repeat(1_025 + draw.random.below(3_000))),
    ),
    kind('nothing where something must be', 'dead', 10, (draw) =>
      withText(draw, oneOf(draw.random, ['event_id', 'account_id', 'operation_name', 'request_model']), ''),
    ),
  ];
}

function withBytes(draw: Draw, field: TextField, bytes: Buffer): Buffer {
  const place = PLACE.repeat(bytes.length + 6);
  const encoded = draw.encodeCall({ ...draw.call(), [field]: place });
  const at = encoded.indexOf(place);
  encoded.fill('x', at, at + place.length);
  bytes.copy(encoded, at + 3);
  return encoded;
}
