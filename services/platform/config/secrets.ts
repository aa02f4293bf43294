import { readFileSync } from 'node:fs';
import { messageOf, StillwatchError } from '../errors.ts';
import type { SecretReference } from './notify-schema.ts';
import type { Config, SecretSetting } from './schema.ts';

/** The secret at a reference, without the white space around it. Throws CONFIG_INVALID, naming the place and never the content. */
export type SecretReader = (reference: SecretReference) => string;

export function createSecretReader(environment: Readonly<Record<string, string | undefined>>): SecretReader {
  return (reference) => {
    if ('file' in reference) return readSecretFile(reference.file);
    const value = environment[reference.env]?.trim() ?? '';
    if (value !== '') return value;
    throw new StillwatchError(
      'CONFIG_INVALID',
      `the configuration takes a secret from the environment variable ${reference.env}, which is not set`,
      `set ${reference.env} where this process is started`,
    );
  };
}

/**
 * A secret setting, from its file when there is one. Read by whoever needs it and no earlier: services may share a configuration without sharing the right to
 * read each other's secrets.
 */
export function secretOf(config: Config, setting: SecretSetting): string {
  const { value, file } = secretSetting(config, setting);
  return file === '' ? value : readSecretFile(file);
}

/** What the configuration says of a secret: itself, or where it is. */
export function secretSetting(config: Config, setting: SecretSetting): { value: string; file: string } {
  const sections: Record<string, Record<string, unknown>> = config;
  const [section = '', key = ''] = setting.split('.');
  return { value: String(sections[section]?.[key] ?? ''), file: String(sections[section]?.[`${key}_file`] ?? '') };
}

function readSecretFile(file: string): string {
  let value: string;
  try {
    value = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new StillwatchError(
      'CONFIG_INVALID',
      `the configuration takes a secret from ${file}, which cannot be read (${messageOf(error)})`,
      'check that the secret is mounted there and may be read by this user',
    );
  }
  if (value !== '') return value;
  throw new StillwatchError(
    'CONFIG_INVALID',
    `the configuration takes a secret from ${file}, which is empty`,
    'write the secret into it',
  );
}
