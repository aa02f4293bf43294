/**
 * What a terminal or an editor acts on instead of showing it: control characters of both sets (escape sequences begin with one), what turns the direction of
 * writing around or is not seen at all, and ends of lines that are none in a file.
 */
const STEERING = /[\p{C}\p{Zl}\p{Zp}]/gu;
const STEERING_BUT_LINES = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu;
const ANY = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/u;

/** Somebody else's text in a line of ours: nothing in it steers a terminal or begins another line. */
export function printableLine(text: string): string {
  return text.replace(STEERING, escaped);
}

/** The same for a text of several lines. JSON, and YAML's texts in double quotes, mean the same afterwards. */
export function printable(text: string): string {
  return text.replace(STEERING_BUT_LINES, escaped);
}

export function isPrintable(text: string): boolean {
  return !ANY.test(text);
}

/** `\u001b` and the like, as JSON and YAML read it: by UTF-16 unit. */
function escaped(character: string): string {
  let text = '';
  for (let at = 0; at < character.length; at++) text += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return text;
}
