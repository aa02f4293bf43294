import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** PEM files. */
export interface Certificate {
  certFile: string;
  keyFile: string;
  /** Both in one, as Kafka wants it. */
  bothFile: string;
}

export interface Authority {
  caFile: string;
  /** For 127.0.0.1 and localhost, under the given name. */
  issue(name: string): Promise<Certificate>;
}

/** A certificate authority of a test's own. */
export async function createAuthority(folder: string, name: string): Promise<Authority> {
  await mkdir(folder, { recursive: true });
  const caFile = join(folder, `${name}.pem`);
  const caKeyFile = join(folder, `${name}.key`);
  await openssl([...NEW_KEY, '-keyout', caKeyFile, '-out', caFile, '-subj', `/CN=${name}`]);
  return {
    caFile,
    async issue(subject) {
      const certFile = join(folder, `${name}-${subject}.pem`);
      const keyFile = join(folder, `${name}-${subject}.key`);
      const bothFile = join(folder, `${name}-${subject}-both.pem`);
      await openssl([
        ...NEW_KEY,
        '-CA',
        caFile,
        '-CAkey',
        caKeyFile,
        '-keyout',
        keyFile,
        '-out',
        certFile,
        '-subj',
        `/CN=${subject}`,
        '-addext',
        'subjectAltName=IP:127.0.0.1,DNS:localhost',
        '-addext',
        'basicConstraints=critical,CA:FALSE',
      ]);
      await writeFile(bothFile, `${await readFile(keyFile, 'utf8')}${await readFile(certFile, 'utf8')}`);
      return { certFile, keyFile, bothFile };
    },
  };
}

async function openssl(args: readonly string[]): Promise<void> {
  await run(process.env['OPENSSL'] ?? 'openssl', ['req', '-x509', '-days', '2', ...args]);
}
