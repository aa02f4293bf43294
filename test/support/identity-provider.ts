import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export interface IdentityProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Who logs in next, without being asked: a name, and the groups that they are in. */
  next: { email: string; groups: string[] };
  close(): Promise<void>;
}

/** A provider of OpenID Connect on this machine (oidc-provider, a certified one), whose users say yes to everything. */
export async function startIdentityProvider(redirectAddress: () => string): Promise<IdentityProvider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientId = 'stillwatch';
  const clientSecret = randomBytes(16).toString('hex');
  const self: IdentityProvider = {
    issuer,
    clientId,
    clientSecret,
    next: { email: '', groups: [] },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const users = new Map<string, IdentityProvider['next']>();
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectAddress()] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['groups'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email_verified: true, ...users.get(id) }),
    }),
  });
  const handle = provider.callback();
  server.on('request', async (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) return await handle(request, response);
    const { params } = await provider.interactionDetails(request, response);
    const accountId = `user-${users.size}`;
    users.set(accountId, self.next);
    const grant = new provider.Grant({ accountId, clientId: String(params['client_id']) });
    grant.addOIDCScope(String(params['scope']));
    const result = { login: { accountId, remember: false }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });
  return self;
}
