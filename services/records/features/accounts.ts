import { estimate } from '../distinct-sketch.ts';
import type { Members } from '../subject-window.ts';
import { evennessExcess, gini } from './evenness.ts';
import { type Formula, feature, perAccount, share } from './feature.ts';
import { sharedDegree } from './shared-attributes.ts';

/** How a cluster's calls spread over its accounts, and what its accounts share. Nothing of it is said of an account's own window. */
export const ACCOUNT_FEATURES = [
  feature('accounts', 'count', 'accounts with a call', 'cluster size', ({ members }) =>
    members === null ? null : estimate(members.accounts),
  ),
  feature(
    'calls_per_account',
    'calls/account',
    'calls / accounts',
    'staying under the rate limit',
    ({ accumulator, members }) => (members === null ? null : share(accumulator.calls, estimate(members.accounts))),
  ),
  feature(
    'ips_per_account',
    'count/account',
    'distinct source addresses / accounts: far below 1 behind one egress, far above for rotating proxies',
    'IP correlation, residential-proxy churn',
    perAccount((a) => a.distinct_ips),
  ),
  feature(
    'networks_per_account',
    'count/account',
    'distinct /24 or /48 networks / accounts',
    'IP correlation, residential-proxy churn',
    perAccount((a) => a.distinct_networks),
  ),
  feature(
    'asns_per_account',
    'count/account',
    'distinct autonomous systems / accounts',
    'IP correlation, residential-proxy churn',
    perAccount((a) => a.distinct_asns),
  ),
  feature(
    'user_agents_per_account',
    'count/account',
    'distinct user agents / accounts: near 0 for one client over all accounts',
    'relay software ships one unified client id over all its accounts',
    perAccount((a) => a.distinct_user_agents),
  ),
  feature(
    'tls_per_account',
    'count/account',
    'distinct TLS fingerprints / accounts',
    'unified clients',
    perAccount((a) => a.distinct_tls),
  ),
  feature(
    'keys_per_account',
    'count/account',
    'distinct API keys / accounts',
    'infrastructure indicators',
    perAccount((a) => a.distinct_keys),
  ),
  feature(
    'templates_per_account',
    'count/account',
    'distinct templates / accounts: near 0 when all accounts work on one queue',
    'identical patterns',
    perAccount((a) => a.distinct_templates),
  ),
  feature(
    'evenness_gini',
    'ratio',
    'Gini coefficient of calls over accounts: 0 when all do the same',
    'load balancing: Gini near 0, benign 0.65 to 0.87 over days; over hours any quiet accounts look even',
    ofMembers(({ calls_histogram }) => gini(calls_histogram)),
  ),
  feature(
    'evenness_excess',
    'ratio',
    "squared coefficient of variation of the accounts' rates, (variance - mean) / mean^2 of their calls with the accounts that chance left without a call: 0 for equal rates, below 0 dealt out, >= 1 for independent customers",
    'load balancing; benign ln-sigma of rates 1.6 to 2.7 (ServeGen)',
    ofMembers(({ calls_histogram }) => evennessExcess(calls_histogram)),
  ),
  feature(
    'unverified_share',
    'share',
    'account windows whose account is not verified / account windows',
    'forged accounts',
    ofMembers((members) => share(members.unverified, windowsOf(members))),
  ),
  feature(
    'newcomer_share',
    'share',
    'account windows that began less than a day after their account was made / account windows',
    'replacement after a ban; forged accounts',
    ofMembers((members) => share(members.newcomers, windowsOf(members))),
  ),
  feature(
    'suspended_share',
    'share',
    'account windows whose account is suspended when the window ends / account windows',
    'replacement after a ban',
    ofMembers((members) => share(members.suspended, windowsOf(members))),
  ),
  feature(
    'replacement_share',
    'share',
    'the smaller of newcomers and suspended account windows / account windows: each suspended account with a new one in its place',
    'replacement after a ban',
    ofMembers((members) => share(Math.min(members.newcomers, members.suspended), windowsOf(members))),
  ),
  feature(
    'shared_payment_degree',
    'weight',
    'accounts x rarity of the payment attribute (card, issuer) that joins most',
    'shared payment methods: accounts per payment fingerprint, weighted by rarity',
    sharedDegree('payment'),
  ),
  feature(
    'shared_signup_degree',
    'weight',
    'accounts x rarity of the sign-up attribute (device, batch) that joins most',
    'infrastructure indicators',
    sharedDegree('signup'),
  ),
  feature(
    'shared_network_degree',
    'weight',
    'accounts x rarity of the address or network, of calls or sign-up, that joins most',
    'IP correlation: degree of the shared attribute',
    sharedDegree('network'),
  ),
  feature(
    'shared_client_degree',
    'weight',
    'accounts x rarity of the client attribute (TLS and user agent, system prompt, tools, parameters) that joins most',
    'request metadata: degree of the shared attribute; UA rarity; one unified client id over all accounts',
    sharedDegree('client'),
  ),
  feature(
    'synchrony_degree',
    'weight',
    'accounts x rarity of the template, or of the lockstep (five-minute bins with the same template), that joins most',
    'co-occurrence on (time bin x template)',
    sharedDegree('synchrony'),
  ),
];

function ofMembers(compute: (members: Members) => number | null): Formula {
  return ({ members }) => (members === null ? null : compute(members));
}

/** One for each account and window merged in. */
function windowsOf({ calls_histogram }: Members): number {
  let windows = 0;
  for (const { accounts } of calls_histogram) windows += accounts;
  return windows;
}
