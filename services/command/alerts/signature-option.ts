import { Option } from 'commander';
import { VOCABULARY } from '../../rules/vocabulary.ts';

/** By one signature, as rules name it. */
export function signatureOption(): Option {
  return new Option('--signature <name>', 'only of this one').choices(VOCABULARY.signatures.map(({ name }) => name));
}
