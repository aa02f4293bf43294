import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { ROLES, type Role } from '../../platform/config/token-entry.ts';
import { isLoopback } from '../../platform/loopback.ts';
import type { LogIn } from './sessions.ts';
import type { Identity } from './tokens.ts';

/** What a browser must bring back from the provider, kept by itself meanwhile. */
export interface PendingSignOn {
  state: string;
  nonce: string;
  verifier: string;
}

/** Single sign-on by OpenID Connect: the authorization code flow with PKCE, by a certified library. */
export interface SignOn {
  /** Browsers come back over TLS, whatever a proxy makes of it on the way: cookies must not go over anything else. */
  readonly isOverTls: boolean;
  /** Where to send the browser. `again`: the provider asks them who they are, though it may know. Rejects when the provider does not answer. */
  begin(again: boolean): Promise<{ address: string; pending: PendingSignOn }>;
  /** Who came back with this query; null: somebody whom the roles do not name. Rejects for anything that the provider did not say, or did not say to us now. */
  finish(query: string, pending: PendingSignOn): Promise<SignedOn | null>;
}

export type SignedOn = Pick<LogIn, 'identity' | 'authenticated'>;

export interface SignOnOptions {
  issuer: string;
  clientId: string;
  clientSecret: string;
  scope: string;
  /** What the provider says of a user, by which the role is found. */
  claim: string;
  /** `value=role` each. */
  roles: readonly string[];
  /** Where the provider sends browsers back to; registered there. */
  redirectAddress: string;
}

/** Seconds that the provider may take for an answer. */
const PATIENCE = 10;
const LONGEST_NAME = 100;

export function createSignOn(options: SignOnOptions): SignOn {
  const { claim, redirectAddress } = options;
  const roles = options.roles.map(parseRole);
  let known: Promise<Configuration> | null = null;
  // Asked for when somebody first logs in: the console starts, and takes tokens, while the provider is away.
  const provider = (): Promise<Configuration> => {
    known ??= discover(options).catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };

  return {
    isOverTls: redirectAddress.startsWith('https:'),
    async begin(again) {
      const configuration = await provider();
      const pending = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
      const address = buildAuthorizationUrl(configuration, {
        redirect_uri: redirectAddress,
        scope: options.scope,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
        // The second has it say when it did, in what it signs.
        ...(again ? { prompt: 'login', max_age: '0' } : {}),
      });
      return { address: address.href, pending };
    },
    async finish(query, { state, nonce, verifier }) {
      const configuration = await provider();
      const tokens = await authorizationCodeGrant(configuration, new URL(`${redirectAddress}?${query}`), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const said = tokens.claims();
      if (said === undefined) throw new Error('the provider sent no ID token');
      // Many providers say groups only when asked for more than the ID token.
      const needsMore = said[claim] === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined;
      const more = needsMore ? await fetchUserInfo(configuration, tokens.access_token, said.sub) : {};
      const identity = identityOf({ ...more, ...said }, claim, roles);
      const authenticated = typeof said.auth_time === 'number' ? said.auth_time * 1_000 : null;
      return identity === null ? null : { identity, authenticated };
    },
  };
}

function discover({ issuer, clientId, clientSecret }: SignOnOptions): Promise<Configuration> {
  const address = new URL(issuer);
  return discovery(address, clientId, clientSecret, undefined, {
    timeout: PATIENCE,
    execute: [
      // The library takes the connection's word for whose an ID token is; we want the provider's signature as well.
      enableNonRepudiationChecks,
      // In the clear to this machine only.
      ...(address.protocol === 'http:' && isLoopback(address.hostname) ? [allowInsecureRequests] : []),
    ],
  });
}

/** Who a provider says that somebody is; the highest of the roles that they have, null when they have none. An address that nobody has verified names nobody. */
export function identityOf(
  claims: Readonly<Record<string, unknown>>,
  claim: string,
  roles: readonly { value: string; role: Role }[],
): Identity | null {
  const held = claims[claim];
  const values = new Set((Array.isArray(held) ? held : [held]).filter((value) => typeof value === 'string'));
  const role = ROLES.findLast((candidate) => roles.some((each) => each.role === candidate && values.has(each.value)));
  if (role === undefined) return null;
  const { email, email_verified, preferred_username, sub } = claims;
  const names = [email_verified === false ? undefined : email, preferred_username, sub];
  const name = names
    .map((candidate) => (typeof candidate === 'string' ? candidate.replaceAll(/\p{C}/gu, '').trim() : ''))
    .find((candidate) => candidate !== '');
  if (name === undefined) return null;
  return { name: name.slice(0, LONGEST_NAME), role, ...(typeof sub === 'string' ? { subject: sub } : {}) };
}

export function parseRole(entry: string): { value: string; role: Role } {
  const place = entry.lastIndexOf('=');
  const role = ROLES.find((candidate) => candidate === entry.slice(place + 1));
  if (role === undefined) throw new RangeError('an entry of console.oidc_roles is not value=role');
  return { value: entry.slice(0, place), role };
}
