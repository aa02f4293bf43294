import { unifiedClients } from '../../../services/clusters/signatures/unified-clients.ts';
import { testSignature } from './support.ts';

testSignature(unifiedClients, {
  positive: {
    features: { user_agents_per_account: 0.02, tls_per_account: 0.02, top_client_share: 0.95, hosting_share: 0.9 },
  },
  nearMisses: {
    'customers who bring their own clients': {
      features: { user_agents_per_account: 0.9, tls_per_account: 0.8, top_client_share: 0.4, hosting_share: 0.5 },
    },
    'applications of one popular library in a cloud': {
      features: { user_agents_per_account: 0.6, tls_per_account: 0.6, top_client_share: 0.5, hosting_share: 0.8 },
    },
  },
  tooLittle: { features: { top_client_share: 1 }, accounts: 1, subjectType: 'account' },
});
