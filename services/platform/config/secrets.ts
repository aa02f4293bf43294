import { readFileSync } from 'node:fs';
import { messageOf, StillwatchError } from '../errors.ts';
import type { SecretReference } from './notify-schema.ts';

/** The secret at a reference, without the white space around it. Throws CONFIG_INVALID, naming the place and never the content. */
export type SecretReader = (reference: SecretReference) => string;

export function createSecretReader(environment: Readonly<Record<string, string | undefined>>): SecretReader {
  return (reference) => {
    if ('env' in reference) {
      const value = environment[reference.env]?.trim() ?? '';
      if (value !== '') return value;
      throw new StillwatchError(
        'CONFIG_INVALID',
        `the configuration takes a secret from the environment variable ${reference.env}, which is not set`,
        `set ${reference.env} where this process is started`,
      );
    }
    let value: string;
    try {
      value = readFileSync(reference.file, 'utf8').trim();
    } catch (error) {
      throw new StillwatchError(
        'CONFIG_INVALID',
        `the configuration takes a secret from ${reference.file}, which cannot be read (${messageOf(error)})`,
        'check that the secret is mounted there and may be read by this user',
      );
    }
    if (value !== '') return value;
    throw new StillwatchError(
      'CONFIG_INVALID',
      `the configuration takes a secret from ${reference.file}, which is empty`,
      'write the secret into it',
    );
  };
}
