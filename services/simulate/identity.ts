import type { Account } from '../records/account.ts';
import { DAY_MS } from './arrivals.ts';
import { exponential, type Weighted, weighted } from './distributions.ts';
import { accessEndpoint } from './network.ts';
import type { Random } from './random.ts';

export interface Country {
  code: string;
  utcOffset: number;
  /** Share of prompts in Chinese. */
  chinese: number;
}

const COUNTRIES: Weighted<Country> = [
  [{ code: 'US', utcOffset: -6, chinese: 0.01 }, 0.36],
  [{ code: 'IN', utcOffset: 5, chinese: 0 }, 0.11],
  [{ code: 'DE', utcOffset: 2, chinese: 0 }, 0.09],
  [{ code: 'GB', utcOffset: 1, chinese: 0 }, 0.08],
  [{ code: 'JP', utcOffset: 9, chinese: 0 }, 0.07],
  [{ code: 'BR', utcOffset: -3, chinese: 0 }, 0.06],
  [{ code: 'FR', utcOffset: 2, chinese: 0 }, 0.05],
  [{ code: 'SG', utcOffset: 8, chinese: 0.35 }, 0.05],
  [{ code: 'CA', utcOffset: -5, chinese: 0.03 }, 0.04],
  [{ code: 'KR', utcOffset: 9, chinese: 0 }, 0.04],
  [{ code: 'TW', utcOffset: 8, chinese: 0.8 }, 0.03],
  [{ code: 'CN', utcOffset: 8, chinese: 0.9 }, 0.02],
];

export function drawCountry(random: Random): Country {
  return weighted(random, COUNTRIES);
}

const MAIL: Weighted<string> = [
  ['gmail.com', 0.62],
  ['outlook.com', 0.14],
  ['icloud.com', 0.07],
  ['proton.me', 0.06],
  ['qq.com', 0.05],
  ['yahoo.com', 0.06],
];

const NAME_A = [
  'north',
  'blue',
  'data',
  'clear',
  'open',
  'bright',
  'red',
  'deep',
  'urban',
  'nova',
  'green',
  'swift',
  'iron',
  'cloud',
  'true',
] as const;
const NAME_B = [
  'works',
  'labs',
  'stack',
  'field',
  'logic',
  'mill',
  'bridge',
  'metrics',
  'craft',
  'point',
  'health',
  'pay',
  'cart',
  'learn',
] as const;
const DOMAIN_END = ['.com', '.io', '.ai', '.dev', '.co', '.net'] as const;

export function companyDomain(random: Random): string {
  return `${random.pick(NAME_A)}${random.pick(NAME_B)}${random.int(900) + 10}${random.pick(DOMAIN_END)}`;
}

/** Issuers are few and unequal: the most common of forty serves a sixth of the customers. */
function drawBin(random: Random): string {
  const rank = Math.floor(40 * random.next() ** 2);
  return String(400_000 + ((rank * 7919) % 150_000));
}

export interface AccountDraft {
  plan: 'free' | 'pay_as_you_go' | 'team' | 'enterprise' | 'reseller';
  country: string;
  /** Latest moment of sign-up; the account is older by an exponential with `meanAgeDays`. */
  before: number;
  meanAgeDays: number;
}

/** An account that shares nothing with any other. Actors overwrite what their members share. */
export function mintAccount(random: Random, draft: AccountDraft): Account {
  const age = Math.min(3 * 365, exponential(random, draft.meanAgeDays) + 0.05);
  const createdAt = Math.floor(draft.before - age * DAY_MS);
  const business = draft.plan === 'team' || draft.plan === 'enterprise' || draft.plan === 'reseller';
  const paying = draft.plan !== 'free';
  return {
    account_id: `acct_${random.hex(16)}`,
    created_at: createdAt,
    updated_at: createdAt,
    organization_id: business || random.chance(0.3) ? `org_${random.hex(12)}` : null,
    plan: draft.plan,
    payment_fingerprint: paying ? `pay_${random.hex(20)}` : null,
    payment_bin: paying && draft.plan !== 'enterprise' ? drawBin(random) : null,
    signup_ip: accessEndpoint(random, draft.country).ip,
    signup_device: random.chance(0.95) ? `dev_${random.hex(16)}` : null,
    email_domain: business || random.chance(0.15) ? companyDomain(random) : weighted(random, MAIL),
    country: draft.country,
    reseller_id: null,
    verified: random.chance(business ? 0.9 : paying ? 0.55 : 0.2),
    status: 'active',
  };
}
