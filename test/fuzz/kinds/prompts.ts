import { createFingerprinter, encodeFingerprint } from '../../../services/fingerprint/fingerprint.ts';
import type { Hasher } from '../../../services/fingerprint/hasher.ts';
import { type Draw, type Kind, oneOf, randomBytes } from '../mutant.ts';

/** Each repeated to its length: what makes a scanner look ahead, go back or nest. */
export const BOMBS = [
  '{',
  '{"a":',
  '[',
  '(',
  '`',
  '```',
  '$x',
  '<a',
  '<a>',
  '</a>',
  '"',
  '“',
  "'",
  ':',
  'a:',
  'a/',
  './',
  '\\',
  'a@',
  'https://',
  '\n# a',
  '1 + ',
  'x = 1',
  ' \t',
  '\n\n',
  'a-',
  '_',
  '0.',
  '=',
  '\u00d7',
  '\ufdfa',
  '\u{1d400}',
  '\u0315\u0300\u05ae\u0301',
  '\uff9e',
] as const;

const MEGABYTES_10 = 10_000_000;

export function promptKinds(hasher: Hasher): Kind[] {
  const fingerprinter = createFingerprinter(hasher);
  const kind = (name: string, weight: number, prompt: (draw: Draw) => string): Kind => ({
    name,
    fate: 'alive',
    weight,
    topic: 'calls',
    make: (draw) => ({ value: draw.encodeCall({ ...draw.call(), prompt_text: prompt(draw) }) }),
  });
  return [
    kind('prompt bomb', 60, ({ random }) => {
      const bomb = oneOf(random, BOMBS) + (random.below(2) === 0 ? '' : oneOf(random, BOMBS));
      return `${bomb.repeat(1 + random.below(4_000))}${oneOf(random, ['', '!', '\n', 'a:'])}`;
    }),
    kind('prompt of random characters', 20, ({ random }) =>
      Array.from({ length: 1 + random.below(500) }, () => String.fromCharCode(random.below(65_536))).join(''),
    ),
    kind('prompt of 10 MB', 0.2, ({ random }) => {
      const part = oneOf(random, ['word ', '{"a":', '\ufdfa', '“', '\u0315\u0300\uff9e\u05ae']);
      return part.repeat(MEGABYTES_10 / Buffer.byteLength(part));
    }),
    {
      name: 'fingerprint of rubbish',
      fate: 'alive',
      weight: 20,
      topic: 'calls',
      make(draw) {
        const { random } = draw;
        const bytes = encodeFingerprint(fingerprinter.fingerprint(draw.call().prompt_text ?? ''));
        for (let changes = random.below(5); changes > 0; changes--)
          bytes[random.below(bytes.length)] = random.below(256);
        const prompt_fingerprint = oneOf(random, [
          bytes,
          bytes.subarray(0, 20),
          randomBytes(random, 56),
          Buffer.alloc(0),
        ]);
        return { value: draw.encodeCall({ ...draw.call(), prompt_fingerprint }) };
      },
    },
  ];
}
