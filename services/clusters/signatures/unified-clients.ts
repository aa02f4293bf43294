import { least, type Signature, weigh } from './signature.ts';

/** One client software over all accounts, out of a data centre. */
export const unifiedClients: Signature = {
  name: 'unified-clients',
  version: 1,
  facet: 'access',
  rationale:
    'Relay software ships one unified client id over all its accounts, and one TLS stack, whether that id is an unheard-of one or a copy of a popular client. Independent customers bring their own. Alone it is weak: an editor that relays its users looks the same.',
  thresholds: ['least_accounts', 'user_agents_per_account', 'tls_per_account', 'top_client_share', 'hosting_share'],
  evaluate(view, thresholds) {
    if (view.subjectType !== 'cluster' || view.accounts < least(thresholds, 'least_accounts')) return null;
    return weigh(view, thresholds, [
      { feature: 'user_agents_per_account', weight: 0.3 },
      { feature: 'tls_per_account', weight: 0.2 },
      { feature: 'top_client_share', weight: 0.3 },
      { feature: 'hosting_share', weight: 0.2 },
    ]);
  },
};
