import { readFileSync } from 'node:fs';

export interface Sample {
  language: string;
  text: string;
  /** False: looked at while the markers were made. True: only ever counted. */
  heldOut: boolean;
}

/** Comment lines, then one prompt a line: language, tab, prompt with `\n` for a line break. Every second prompt is held out. */
export function readSamples(name: string): Sample[] {
  return readFileSync(new URL(`${name}.tsv`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line, i) => {
      const [language = '', text = ''] = line.split('\t');
      return { language, text: text.replaceAll('\\n', '\n'), heldOut: i % 2 === 1 };
    });
}
