import ipaddr from 'ipaddr.js';
import type { AsnResponse, Reader } from 'maxmind';
import { HOSTING_ASNS } from './data/hosting-asns.ts';

export interface Network {
  /** /24 of an IPv4, /48 of an IPv6 address, as text (RFC 5952); null for a hashed, absent or unreadable one. */
  network: string | null;
  asn: number | null;
  /** In a data centre, as far as known: false where the ASN is unknown. */
  hosting: boolean;
  kind: 'v4' | 'v6' | 'hashed' | 'absent' | 'invalid';
}

export type NetworkResolver = (sourceIp: string | null, sourceAsn: number | null) => Network;

/** Longest text of an address with a zone, generously. */
export const LONGEST_ADDRESS = 64;

/**
 * `asnDatabase`: the operator's own MaxMind-format file, opened; none is shipped, since the free ones carry licences of their own. The gateway's
 * `source_asn` goes first: it saw the connection.
 */
export function createNetworkResolver(
  asnDatabase: Pick<Reader<AsnResponse>, 'get'> | null,
  hostingAsns: ReadonlySet<number> = HOSTING_ASNS,
): NetworkResolver {
  function resolve(sourceIp: string, sourceAsn: number | null): Network {
    const address = parseAddress(sourceIp);
    if (address === null) return located(null, sourceAsn, 'invalid');
    const asn = sourceAsn ?? asnDatabase?.get(address.toString())?.autonomous_system_number ?? null;
    if (address instanceof ipaddr.IPv4)
      return located(`${address.toByteArray().slice(0, 3).join('.')}.0/24`, asn, 'v4');
    const prefix = new ipaddr.IPv6(address.toByteArray().fill(0, 6));
    return located(`${prefix.toRFC5952String()}/48`, asn, 'v6');
  }

  function located(network: string | null, asn: number | null, kind: Network['kind']): Network {
    return { network, asn, hosting: asn !== null && hostingAsns.has(asn), kind };
  }

  return (sourceIp, sourceAsn) => {
    if (sourceIp === null || sourceIp === '') return located(null, sourceAsn, 'absent');
    if (sourceIp.startsWith('h:')) return located(null, sourceAsn, 'hashed');
    if (sourceIp.length > LONGEST_ADDRESS) return located(null, sourceAsn, 'invalid');
    return resolve(sourceIp, sourceAsn);
  };
}

/** Only the usual forms: `1`, `0x7f.1` and `010.0.0.1` are addresses to inet_aton, and mistakes in a log. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (!text.includes(':')) return ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text) : null;
  const withoutZone = text.split('%', 1)[0] ?? ''; // a zone means something on one machine only
  return ipaddr.IPv6.isValid(withoutZone) ? ipaddr.process(withoutZone) : null; // an IPv4 address in IPv6 clothes is the IPv4 address
}
