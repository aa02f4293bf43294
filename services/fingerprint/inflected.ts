/** `rate~` to `rate`, `rates`, `rated`, `rating`: the regular English forms, so that a lexicon names a verb once. Other words stay as they are. */
export function inflected(phrase: string): string[] {
  if (!phrase.endsWith('~')) return [phrase];
  const verb = phrase.slice(0, -1);
  if (verb.endsWith('e')) return [verb, `${verb}s`, `${verb}d`, `${verb.slice(0, -1)}ing`];
  if (/[^aeiou]y$/.test(verb)) return [verb, `${verb.slice(0, -1)}ies`, `${verb.slice(0, -1)}ied`, `${verb}ing`];
  return [verb, /(?:s|x|ch|sh)$/.test(verb) ? `${verb}es` : `${verb}s`, `${verb}ed`, `${verb}ing`];
}
