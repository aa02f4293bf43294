import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

export interface Prompt {
  /** The file's name: prompts of one file are of one hand. */
  writer: string;
  language: string;
  /** What should be seen in it; null: an ordinary request. */
  marker: string | null;
  text: string;
}

/** Comment lines, then one prompt a line: language, marker or `-`, and the prompt with `\n` for a line break, between tabs. */
function readPrompts(file: string): Prompt[] {
  return readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line) => line.split('\t'))
    .map(([language = '', marker = '', text = '']) => ({
      writer: basename(file, '.tsv'),
      language,
      marker: marker === '-' ? null : marker,
      text: text.replaceAll('\\n', '\n'),
    }));
}

/** Everybody's: `fitted`, which the markers are made with, or `examined`, which they are only ever counted on. */
export function readAll(part: 'fitted' | 'examined'): Prompt[] {
  return readdirSync(new URL(`${part}/`, import.meta.url))
    .sort()
    .flatMap((file) => readPrompts(`${part}/${file}`));
}
