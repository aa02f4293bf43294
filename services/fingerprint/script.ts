/** Dominant script of a text: a cheap stand-in for its language. Order is part of the binary form of a fingerprint: append only. */
export const SCRIPTS = ['none', 'latin', 'han', 'kana', 'hangul', 'cyrillic', 'arabic', 'devanagari', 'other'] as const;
export type Script = (typeof SCRIPTS)[number];

/** Enough to tell; the rest of a long text is not looked at. */
const LOOKED = 400;

export function dominantScript(text: string): Script {
  const counts = new Map<Script, number>();
  for (const character of text.slice(0, LOOKED)) {
    const script = scriptOf(character.codePointAt(0) ?? 0);
    if (script !== 'none') counts.set(script, (counts.get(script) ?? 0) + 1);
  }
  let dominant: Script = 'none';
  let most = 0;
  // In the fixed order of SCRIPTS, so that a tie has one answer.
  for (const script of SCRIPTS) {
    const count = counts.get(script) ?? 0;
    if (count > most) {
      dominant = script;
      most = count;
    }
  }
  return dominant;
}

/** Unicode blocks, coarse on purpose. */
function scriptOf(code: number): Script {
  if (code < 0x41) return 'none';
  if (code < 0x250) return code <= 0x5a || (code >= 0x61 && code <= 0x7a) || code >= 0xc0 ? 'latin' : 'none';
  if (code >= 0x400 && code < 0x530) return 'cyrillic';
  if (code >= 0x600 && code < 0x780) return 'arabic';
  if (code >= 0x900 && code < 0x980) return 'devanagari';
  if (code >= 0x3040 && code < 0x3100) return 'kana';
  if ((code >= 0x3400 && code < 0xa000) || (code >= 0x20000 && code < 0x32000)) return 'han';
  if ((code >= 0xac00 && code < 0xd7b0) || (code >= 0x1100 && code < 0x1200)) return 'hangul';
  if (code >= 0x2000 && code < 0x3000) return 'none';
  return 'other';
}
