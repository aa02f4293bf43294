import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { messageOf, StillwatchError } from '../errors.ts';
import type { Config } from './schema.ts';

/** Undefined: as Node has it. */
export interface TlsFiles {
  ca: Buffer | undefined;
  cert: Buffer | undefined;
  key: Buffer | undefined;
}

/** The certificates that a section names. Throws CONFIG_INVALID for one that cannot be read or is none, and for a key that does not fit. */
export function tlsFiles(config: Config, section: 'kafka' | 'clickhouse' | 'schema_registry'): TlsFiles {
  const { ssl_ca_file, ssl_cert_file, ssl_key_file } = config[section];
  const ca = contentOf(`${section}.ssl_ca_file`, ssl_ca_file);
  const cert = contentOf(`${section}.ssl_cert_file`, ssl_cert_file);
  const key = contentOf(`${section}.ssl_key_file`, ssl_key_file);
  // A context takes anything for an authority and then trusts nobody.
  usable(`${section}.ssl_ca_file (${ssl_ca_file}) holds no certificate`, () => ca && new X509Certificate(ca));
  usable(`${section}.ssl_cert_file (${ssl_cert_file}) holds no certificate`, () => cert && new X509Certificate(cert));
  usable(`${section}.ssl_key_file (${ssl_key_file}) is not the key of ${section}.ssl_cert_file`, () =>
    createSecureContext({ cert, key }),
  );
  return { ca, cert, key };
}

function contentOf(setting: string, file: string): Buffer | undefined {
  if (file === '') return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    throw new StillwatchError(
      'CONFIG_INVALID',
      `${setting} names a file that cannot be read (${messageOf(error)})`,
      'check that it is mounted there and may be read by this user',
    );
  }
}

function usable(what: string, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    throw new StillwatchError('CONFIG_INVALID', `${what}: ${messageOf(error)}`, 'name a PEM file, unencrypted');
  }
}
