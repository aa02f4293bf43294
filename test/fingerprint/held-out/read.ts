import { readFileSync } from 'node:fs';

export interface Sample {
  language: string;
  text: string;
  /** False: looked at while the markers were made. True: only ever counted. */
  heldOut: boolean;
}

/** Comment lines, then one prompt a line: language, tab, prompt with `\n` for a line break. Every second prompt is held out. */
export function readSamples(name: string): Sample[] {
  return rows(name).map(([language = '', text = ''], i) => ({
    language,
    text: lineBreaks(text),
    heldOut: i % 2 === 1,
  }));
}

export function readSecondDraw(): { language: string; marker: string; text: string }[] {
  return rows('second-draw').map(([language = '', marker = '', text = '']) => ({
    language,
    marker,
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
