import type { AccountChange } from '../../services/records/account.ts';
import type { LinkAttribute, LinkKind, LinkObservation } from '../../services/records/link-observation.ts';
import { DAY, MINUTE } from '../../services/records/window.ts';
import { seededRandom } from '../support/random.ts';

export interface LinksLoad {
  accounts: number;
  /** Share of the behaviour of ordinary accounts that is popular: shared with dozens to thousands of unrelated accounts. */
  popular: number;
}

export interface LoadMinute {
  /** Its end: the watermark to follow. */
  end: number;
  changes: AccountChange[];
  observations: LinkObservation[];
  /** New pairs of an account and an attribute. */
  pairs: number;
}

/** Of the input topics. */
export const LINKS_PARTITIONS = 4;

/** A card, a BIN, a device, an address and its network, two batch grids. */
const REGISTERED = 7;
/** What an account is seen with on three days; values carry their day, so with its registration every account has 20 different ones. */
const SEEN: readonly (readonly LinkKind[])[] = [
  ['egress_ip', 'egress_network', 'client', 'system_prompt', 'template'],
  ['egress_ip', 'template', 'tools', 'sampling'],
  ['egress_ip', 'egress_network', 'client', 'template'],
];
const MINUTES = DAY / MINUTE;
const START = Date.UTC(2026, 3, 22);

const HOUSEHOLD = 4;
const CAMPAIGN = 100;
/** Every fifth hundred of accounts is a campaign: 20 % of all. */
const CAMPAIGN_EVERY = 5;

/**
 * Three days of sign-ups and first sightings, minute by minute. One account in five belongs to a campaign of a hundred (cards, devices, addresses shared by
 * four to ten); of the others every fifth lives in a household of four (one card, device and address). Of what ordinary accounts are seen with, `popular` comes
 * from a Zipf pool, a quarter is their household's, and the rest is their own: so most attributes have one holder, some two to five, a few thousands.
 */
export function* linksLoad({ accounts, popular }: LinksLoad): Generator<LoadMinute> {
  const random = seededRandom(11);
  const pool = Math.ceil(accounts / 50);
  // Ranks of a Zipf distribution of exponent 1, by inversion.
  const rank = (): number => Math.floor(pool ** random.next());
  for (const [day, kinds] of SEEN.entries()) {
    for (let minute = 0; minute < MINUTES; minute++) {
      const end = START + day * DAY + (minute + 1) * MINUTE;
      const changes: AccountChange[] = [];
      const observations: LinkObservation[] = [];
      const until = Math.floor(((minute + 1) * accounts) / MINUTES);
      for (let place = Math.floor((minute * accounts) / MINUTES); place < until; place++) {
        // Campaigns sign up together, and come back in another order than the others.
        const n = day === 0 ? place : (place * 7919 + day) % accounts;
        if (day === 0) changes.push(signup(n, end - 1));
        const attributes = kinds.map((kind): LinkAttribute => {
          if (isCampaign(n))
            return { kind, value: `${hex(Math.floor(n / (kind === 'egress_ip' ? 10 : CAMPAIGN)), 14)}.${day}` };
          if (random.next() < popular) return { kind, value: `${hex(rank(), 13)}.p${day}` };
          const shared = random.next() < 0.25;
          return { kind, value: shared ? `${hex(Math.floor(n / HOUSEHOLD), 13)}.h${day}` : `${hex(n, 14)}.${day}` };
        });
        if (isCampaign(n)) {
          const bin = Math.floor(end / (5 * MINUTE));
          attributes.push({ kind: 'lockstep', value: `${bin}:${hex(Math.floor(n / CAMPAIGN), 14)}.${day}` });
        }
        observations.push({ account_id: idOf(n), observed_at: end, partition: n % LINKS_PARTITIONS, attributes });
      }
      yield { end, changes, observations, pairs: REGISTERED * changes.length + kinds.length * observations.length };
    }
  }
}

function isCampaign(n: number): boolean {
  return Math.floor(n / CAMPAIGN) % CAMPAIGN_EVERY === 0;
}

function idOf(n: number): string {
  return `acct_${hex(n, 16)}`;
}

function signup(n: number, at: number): AccountChange {
  const campaign = isCampaign(n);
  const household = !campaign && Math.floor(n / HOUSEHOLD) % 5 === 0;
  const one = (among: number): number => Math.floor(n / (campaign ? among : household ? HOUSEHOLD : 1));
  const sharing = campaign ? 'c' : household ? 'h' : 'o';
  const block = one(8);
  return {
    account_id: idOf(n),
    at,
    account: {
      account_id: idOf(n),
      created_at: at,
      updated_at: at,
      organization_id: null,
      plan: 'pay_as_you_go',
      payment_fingerprint: `pf_${sharing}${hex(one(4), 23)}`,
      payment_bin: String(400_000 + (n % 3_001)),
      signup_ip: `${campaign ? 11 : household ? 12 : 13}.${(block >> 16) & 255}.${(block >> 8) & 255}.${block & 255}`,
      signup_device: `${sharing}${hex(one(5), 31)}`,
      email_domain: `mail-${n % 97}.example`,
      country: 'US',
      reseller_id: null,
      verified: null,
      status: 'active',
    },
  };
}

function hex(n: number, digits: number): string {
  return n.toString(16).padStart(digits, '0');
}
