import ipaddr from 'ipaddr.js';
import type { AsnResponse, Reader } from 'maxmind';
import { HOSTING_ASNS } from './hosting-asns.ts';

export interface Network {
  /** /24 of an IPv4, /48 of an IPv6 address, as text; null for a hashed, absent or unreadable one. */
  network: string | null;
  asn: number | null;
  hosting: boolean;
  kind: 'v4' | 'v6' | 'hashed' | 'absent' | 'invalid';
}

export type NetworkResolver = (sourceIp: string | null, sourceAsn: number | null) => Network;

/** Addresses repeat: most calls are answered from here. Cleared whole when full, which needs no bookkeeping on the hot path. */
const MOST_CACHED = 50_000;

/** `asnDatabase`: the operator's own MaxMind-format file; none is shipped, since the free ones carry licences of their own. The gateway's `source_asn` goes first. */
export function createNetworkResolver(asnDatabase: Reader<AsnResponse> | null): NetworkResolver {
  const cache = new Map<string, Network>();
  return (sourceIp, sourceAsn) => {
    const key = `${sourceAsn ?? ''}|${sourceIp ?? ''}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    if (cache.size >= MOST_CACHED) cache.clear();
    const resolved = resolve(sourceIp, sourceAsn, asnDatabase);
    cache.set(key, resolved);
    return resolved;
  };
}

function resolve(sourceIp: string | null, sourceAsn: number | null, database: Reader<AsnResponse> | null): Network {
  if (sourceIp === null || sourceIp === '') return known(null, sourceAsn, 'absent');
  if (sourceIp.startsWith('h:')) return known(null, sourceAsn, 'hashed');
  const text = sourceIp.split('%', 1)[0] ?? ''; // an IPv6 zone means something on one machine only
  if (!ipaddr.isValid(text)) return known(null, sourceAsn, 'invalid');
  const address = ipaddr.process(text); // an IPv4 address in IPv6 clothes is the IPv4 address
  const asn = sourceAsn ?? database?.get(address.toString())?.autonomous_system_number ?? null;
  if (address.kind() === 'ipv4') return known(`${address.toByteArray().slice(0, 3).join('.')}.0/24`, asn, 'v4');
  const prefix = address.toByteArray().map((byte, i) => (i < 6 ? byte : 0));
  return known(`${ipaddr.fromByteArray(prefix).toString()}/48`, asn, 'v6');
}

function known(network: string | null, asn: number | null, kind: Network['kind']): Network {
  return { network, asn, hosting: asn !== null && HOSTING_ASNS.has(asn), kind };
}
