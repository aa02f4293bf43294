/** How every canary of a kind begins: whoever finds the beginning has found all of them, cut off or not. Letters that no text has. */
export const STEMS = { prompt: 'kzqxprompt', payment: 'kzqxpayment', address: '2001:db8:c4a4:' } as const;
export type CanaryKind = keyof typeof STEMS;

/** Of its own for each number, of letters alone: figures are masked when a prompt becomes a template. */
export function canary(kind: 'prompt' | 'payment', number: number): string {
  return STEMS[kind] + [...String(number)].map((figure) => 'bcdfghjklm'[Number(figure)]).join('');
}

/** An address of its own for each number below 2^32, in the block for documentation. */
export function addressCanary(number: number): string {
  return `${STEMS.address}:${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}`;
}

/** What a text may look like in bytes: as it is, in capitals, of two bytes a letter, in hexadecimal digits, in base64 wherever it begins in there. */
interface Form {
  kind: CanaryKind;
  anyCase: string[];
  exact: string[];
}

const FORMS: readonly Form[] = Object.entries(STEMS).map(([kind, stem]) => ({
  kind: kind as CanaryKind, // the keys are those of STEMS
  anyCase: [stem, Buffer.from(stem, 'utf16le').toString('latin1'), Buffer.from(stem).toString('hex')],
  // The first and the last letters share their base64 letters with what is around them.
  exact: [0, 1, 2].map((before) => {
    const text = Buffer.from('x'.repeat(before) + stem).toString('base64');
    return text.slice(before === 0 ? 0 : 4, Math.floor((before + stem.length) / 3) * 4);
  }),
}));

/** Which kinds of canaries are in it. */
export function canariesIn(content: Buffer | string): CanaryKind[] {
  const text = typeof content === 'string' ? Buffer.from(content).toString('latin1') : content.toString('latin1');
  const lower = text.toLowerCase();
  return FORMS.filter(
    ({ anyCase, exact }) => anyCase.some((form) => lower.includes(form)) || exact.some((form) => text.includes(form)),
  ).map(({ kind }) => kind);
}

/** Where canaries were found, and how much was looked through. */
export function createSearch() {
  const found = new Map<string, Set<CanaryKind>>();
  const looked = new Map<string, number>();
  return {
    look(place: string, content: Buffer | string): void {
      looked.set(place, (looked.get(place) ?? 0) + content.length);
      for (const kind of canariesIn(content)) found.set(place, (found.get(place) ?? new Set()).add(kind));
    },
    /** Sorted, as `place: kind`. */
    found: (): string[] => [...found].flatMap(([place, kinds]) => [...kinds].map((kind) => `${place}: ${kind}`)).sort(),
    /** Bytes by place. */
    looked: looked as ReadonlyMap<string, number>,
  };
}

export type CanarySearch = ReturnType<typeof createSearch>;
