/** A prompt as the fingerprint sees it: words in lower case, what varies masked. */
export interface MaskedPrompt {
  /** Masked words of the head and the tail. */
  words: string[];
  /** Labels such as `problem:` or `answer:`, in order: the skeleton of a template whatever stands behind them. */
  labels: string[];
  /** Whole normalised text, for the identity of the filling. */
  text: string;
}

/** A prompt is looked at in its first and last characters only: what it asks for stands at its ends, and the cost stays bounded. */
const HEAD = 1_500;
const TAIL = 500;
const MOST_LABELS = 8;
const LONGEST_LABEL_WORDS = 4;
const LONGEST_WORD = 24;

const WORD = /\p{Script=Han}|[\p{L}\p{M}]+|\p{N}+|[:：\n"`“”「」{}<>[\]]/gu;

/**
 * Masks what a template's filling changes: numbers, quoted and bracketed stretches, very long words. One pass, linear in the text.
 * Free text behind a label cannot be told from instruction by its form; that is why a template's identity is taken from its head and its labels only.
 */
export function maskPrompt(prompt: string): MaskedPrompt {
  const text = normalise(prompt);
  const looked = text.length <= HEAD + TAIL ? text : `${text.slice(0, HEAD)}\n${text.slice(-TAIL)}`;
  const words: string[] = [];
  const labels: string[] = [];
  let lineWords: string[] = [];
  let closing: string | null = null;
  for (const [token] of looked.matchAll(WORD)) {
    if (token === '\n') {
      lineWords = [];
      closing = null; // a quotation that never ends is none
      continue;
    }
    if (closing !== null) {
      if (token === closing) closing = null;
      continue;
    }
    const closes = CLOSES[token];
    if (closes !== undefined) {
      closing = closes;
      words.push('_');
      continue;
    }
    if (token === ':' || token === '：') {
      if (lineWords.length > 0 && lineWords.length <= LONGEST_LABEL_WORDS && labels.length < MOST_LABELS)
        labels.push(lineWords.join(' '));
      continue;
    }
    if (token.length === 1 && ']}>”」'.includes(token)) continue;
    const masked = mask(token);
    words.push(masked);
    lineWords.push(masked);
  }
  return { words, labels, text };
}

const CLOSES: Readonly<Record<string, string>> = {
  '"': '"',
  '`': '`',
  '“': '”',
  '「': '」',
  '{': '}',
  '<': '>',
  '[': ']',
};

function mask(word: string): string {
  const first = word.charCodeAt(0);
  if (first >= 48 && first <= 57) return '0';
  return word.length > LONGEST_WORD ? '_' : word;
}

/** Pure ASCII, the common case, needs no Unicode normalisation. */
function normalise(text: string): string {
  let ascii = true;
  for (let i = 0; i < text.length && i < HEAD; i++) {
    if (text.charCodeAt(i) > 127) {
      ascii = false;
      break;
    }
  }
  return (ascii ? text : text.normalize('NFKC')).toLowerCase().trim();
}
