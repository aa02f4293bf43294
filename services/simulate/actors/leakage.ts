import type { Account } from '../../records/account.ts';
import type { Client } from '../clients.ts';
import { accessEndpointV4, type Endpoint, hostingEndpoint, neighbour } from '../network.ts';
import type { Random } from '../random.ts';

/** `share` of the accounts share one identifier in groups of `group`; the others have one of their own. */
export interface Sharing {
  share: number;
  group: number;
}

/** By which identifiers a campaign gives itself away. */
export interface LeakageSpec {
  payment: Sharing;
  signupDevice: Sharing;
  /** Sign-up addresses out of one /24. */
  signupNetwork: Sharing;
  /** Accounts of a group are created within `signupBatchMinutes`. */
  signupBatch: Sharing;
  signupBatchMinutes: number;
  /** `share` of the accounts leave through a pool of `pool` addresses of hosting providers; the others have a residential line each. */
  egress: { share: number; pool: number };
  /** Share of the accounts behind the relay's one TLS stack and user agent. */
  client: { share: number; unified: Client };
}

/** Group number of each of `count` members, or undefined: exactly round(share x count) members, shuffled, cut into groups. */
export function assignGroups(random: Random, count: number, sharing: Sharing): (number | undefined)[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let i = count - 1; i > 0; i -= 1) {
    const j = random.int(i + 1);
    const a = order[i];
    const b = order[j];
    if (a === undefined || b === undefined) throw new RangeError('shuffle out of range');
    order[i] = b;
    order[j] = a;
  }
  const groups = new Array<number | undefined>(count).fill(undefined);
  for (const [rank, member] of order.slice(0, Math.round(sharing.share * count)).entries()) {
    groups[member] = Math.floor(rank / Math.max(1, sharing.group));
  }
  return groups;
}

/** Overwrites, in place, what the accounts share. They stay as they are where nothing leaks. */
export function leakIdentifiers(accounts: readonly Account[], spec: LeakageSpec, random: Random): void {
  const groupsOf = (label: string, sharing: Sharing) => assignGroups(random.fork(label), accounts.length, sharing);
  const payment = groupsOf('payment', spec.payment);
  const device = groupsOf('device', spec.signupDevice);
  const network = groupsOf('network', spec.signupNetwork);
  const batch = groupsOf('batch', spec.signupBatch);
  const cards = random.fork('cards');
  const card = new Map<number, { fingerprint: string | null; bin: string | null }>();
  const base = new Map<number, string>();
  const moment = new Map<number, number>();
  for (const [index, account] of accounts.entries()) {
    const paymentGroup = payment[index];
    if (paymentGroup !== undefined && account.payment_fingerprint !== null) {
      const shared = card.get(paymentGroup) ?? { fingerprint: account.payment_fingerprint, bin: account.payment_bin };
      card.set(paymentGroup, shared);
      account.payment_fingerprint = shared.fingerprint;
      account.payment_bin = shared.bin;
    }
    const deviceGroup = device[index];
    if (deviceGroup !== undefined) account.signup_device = `dev_${cards.fork(`device ${deviceGroup}`).hex(16)}`;
    const networkGroup = network[index];
    if (networkGroup !== undefined) {
      const ip = base.get(networkGroup) ?? accessEndpointV4(cards, account.country ?? 'US').ip;
      base.set(networkGroup, ip);
      account.signup_ip = neighbour(cards, ip);
    }
    const batchGroup = batch[index];
    if (batchGroup !== undefined) {
      const start = moment.get(batchGroup) ?? account.created_at;
      moment.set(batchGroup, start);
      account.created_at = start + Math.floor(cards.next() * spec.signupBatchMinutes * 60_000);
      account.updated_at = account.created_at;
    }
  }
}

/** Which addresses and which client software each of `count` accounts uses. */
export function egressAndClients(
  spec: LeakageSpec,
  count: number,
  random: Random,
  otherwise: (random: Random, index: number) => { endpoints: Endpoint[]; client: Client },
): { endpoints: Endpoint[]; client: Client }[] {
  const pooled = assignGroups(random.fork('egress'), count, { share: spec.egress.share, group: 1 });
  const unified = assignGroups(random.fork('client'), count, { share: spec.client.share, group: 1 });
  const draw = random.fork('addresses');
  const pool = Array.from({ length: Math.max(1, spec.egress.pool) }, () => hostingEndpoint(draw));
  return Array.from({ length: count }, (_, index) => {
    const own = otherwise(random.fork(`own ${index}`), index);
    return {
      endpoints: pooled[index] === undefined ? own.endpoints : [draw.pick(pool), draw.pick(pool)],
      client: unified[index] === undefined ? own.client : spec.client.unified,
    };
  });
}
