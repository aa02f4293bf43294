import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import { ROLES, type Role, TOKEN_ENTRY } from '../../platform/config/token-entry.ts';

export interface Identity {
  name: string;
  role: Role;
  /** By single sign-on: the provider's own id for them, which it gives to nobody else. Names may change hands. */
  subject?: string;
}

interface KnownToken extends Identity {
  hash: Buffer;
}

export interface Tokens {
  /** Whose token it is, or null. */
  identify(token: string): Identity | null;
}

/** A token is 256 random bits, so a plain hash of it gives nothing away; the comparison takes the same time for every token. */
export function createTokens(entries: readonly string[]): Tokens {
  const known = entries.map(parseEntry);
  return {
    identify(token) {
      const hash = hashOf(token);
      let found: Identity | null = null;
      for (const { name, role, hash: expected } of known) if (timingSafeEqual(hash, expected)) found = { name, role };
      return found;
    },
  };
}

/** Whose it is, across log-ins: by single sign-on the provider's id of them, since names change hands. */
export function personOf({ name, subject }: Identity): string {
  return subject === undefined ? `name ${name}` : `subject ${subject}`;
}

export function mayActAs({ role }: Identity, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** A new token, and the entry that lets it in. */
export function makeToken(name: string, role: Role): { token: string; entry: string } {
  const token = `sw_${randomBytes(32).toString('base64url')}`;
  return { token, entry: `${name}:${role}:${hashOf(token).toString('hex')}` };
}

function parseEntry(entry: string): KnownToken {
  const [, name = '', role, hash = ''] = TOKEN_ENTRY.exec(entry) ?? [];
  const known = ROLES.find((candidate) => candidate === role);
  if (known === undefined) throw new RangeError('an entry of console.tokens is not name:role:sha256');
  return { name, role: known, hash: Buffer.from(hash, 'hex') };
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
