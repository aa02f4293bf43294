/** Tokens that are judged together. A long prompt is judged part by part: what it asks for stands in one of them, and the rest is the document. */
const WINDOW = 160;
const STEP = WINDOW / 2;
/** Where few features are known, none of them decides alone. */
const FEW = 20;

export interface Window {
  /** First token. */
  from: number;
  /** Token after the last. */
  to: number;
}

/** At least one, also of a prompt without tokens. */
export function windowsOf(count: number): Window[] {
  const windows: Window[] = [];
  for (let from = 0; from === 0 || from + STEP < count; from += STEP)
    windows.push({ from, to: Math.min(count, from + WINDOW) });
  return windows;
}

/** What the sum of a window's weights is multiplied by, for so many features that are known. */
export function scaleOf(known: number): number {
  return 1 / Math.sqrt(Math.max(FEW, known));
}
