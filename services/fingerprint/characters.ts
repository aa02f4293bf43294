/** What a UTF-16 unit means to the masking scanner. */
export const CHARACTER = {
  /** Punctuation and symbols that mean nothing here. */
  other: 0,
  space: 1,
  newline: 2,
  letter: 3,
  digit: 4,
  /** A word by itself: scripts written without blanks. */
  ideograph: 5,
  colon: 6,
  /** Ends a sentence. */
  stop: 7,
  /** Opens a stretch that may be masked as a whole. */
  opener: 8,
  at: 9,
  /** Joins letters when it stands between two of them. */
  joiner: 10,
} as const;

export const BACKSLASH = 0x5c;
export const LESS_THAN = 0x3c;
export const SLASH = 0x2f;
export const POINT = 0x2e;

/** The kinds of the first 128 units: what nearly every character of a prompt is looked up in. */
export const ASCII_KINDS: Uint8Array = asciiTable();

function asciiTable(): Uint8Array {
  const table = new Uint8Array(128);
  const put = (characters: string, kind: number): void => {
    for (const character of characters) table[character.charCodeAt(0)] = kind;
  };
  put('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', CHARACTER.letter);
  put('0123456789', CHARACTER.digit);
  put(' \t\v\f\r', CHARACTER.space);
  put('\n', CHARACTER.newline);
  put(':', CHARACTER.colon);
  put('.!?', CHARACTER.stop);
  put('"`{$', CHARACTER.opener);
  put('@', CHARACTER.at);
  put("'_", CHARACTER.joiner);
  return table;
}

/** Unicode blocks, coarse on purpose: a wrong class costs one token of a template, not an error. Input is NFKC and lower case. */
export function characterKind(unit: number): number {
  // NaN, the unit behind the end, is nothing either.
  if (!(unit >= 128)) return ASCII_KINDS[unit] ?? CHARACTER.other;
  if (unit < 0xc0) return unit === 0xa0 ? CHARACTER.space : CHARACTER.other;
  if (unit < 0x2000) return unit === 0xd7 || unit === 0xf7 ? CHARACTER.other : CHARACTER.letter;
  if (unit < 0x3040) return generalPunctuation(unit);
  // Kana, CJK ideographs with extension A. Hangul is written with blanks: letters.
  if (unit < 0xa000) return CHARACTER.ideograph;
  return unit >= 0xfe00 && unit < 0xff66 ? CHARACTER.other : CHARACTER.letter;
}

function generalPunctuation(unit: number): number {
  switch (unit) {
    case 0x2028:
    case 0x2029:
      return CHARACTER.newline;
    case 0x2019:
      return CHARACTER.joiner;
    case 0x201c:
    case 0x300c:
    case 0x300e:
      return CHARACTER.opener;
    case 0x3002:
      return CHARACTER.stop;
    case 0x3005:
      return CHARACTER.ideograph;
    case 0x2003:
    case 0x3000:
      return CHARACTER.space;
    default:
      return unit >= 0x2c00 && unit < 0x2e00 ? CHARACTER.letter : CHARACTER.other;
  }
}

/** What closes the stretch that this unit opens. */
export function closerOf(opener: number): number {
  switch (opener) {
    case 0x7b:
      return 0x7d;
    case 0x201c:
      return 0x201d;
    case 0x300c:
      return 0x300d;
    case 0x300e:
      return 0x300f;
    default:
      return opener;
  }
}
