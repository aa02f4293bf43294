import { readFileSync } from 'node:fs';

export interface Sample {
  language: string;
  /** What should be seen in it; null: an ordinary request. */
  marker: string | null;
  text: string;
}

/** Comment lines, then one prompt a line: language, tab, prompt with `\n` for a line break. All of one marker. */
export function readSamples(marker: string | null): Sample[] {
  return rows(marker === null ? 'benign' : marker.replaceAll('_', '-')).map(([language = '', text = '']) => ({
    language,
    marker,
    text: lineBreaks(text),
  }));
}

/** With the marker between language and prompt, or `-`. */
export function readDraw(name: 'second' | 'third'): Sample[] {
  return rows(`${name}-draw`).map(([language = '', marker = '', text = '']) => ({
    language,
    marker: marker === '-' ? null : marker,
    text: lineBreaks(text),
  }));
}

function rows(name: string): string[][] {
  return readFileSync(new URL(`${name}.tsv`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line) => line.split('\t'));
}

function lineBreaks(text: string): string {
  return text.replaceAll('\\n', '\n');
}
