import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

type Lookup = typeof lookup;

/** Metadata services that are not link-local: AWS (IPv6), Google (IPv6), Alibaba, Azure's wire server. What stands there gives out credentials. */
const METADATA = ['fd00:ec2::/32', 'fd20:ce::254/128', '100.100.100.200/32', '168.63.129.16/32'].map((range) =>
  ipaddr.parseCIDR(range),
);
const PRIVATE: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);

/** Where a webhook must not go (OWASP ASVS 5.0, 1.3.6). Holds the address, never the path of what was asked for. */
export class AddressRefused extends Error {
  override name = 'AddressRefused';
  readonly code = 'ADDRESS_REFUSED';
}

/**
 * Whether a request may go to an IP address. Public ones: yes. Loopback and private ones: when allowed. Link-local, metadata, multicast, unspecified and
 * reserved ones, and those that wrap an IPv4 address in a way that a router may unwrap: never.
 */
export function mayReach(address: string, allowPrivate: boolean): boolean {
  const parsed = ipaddr.process(address);
  for (const [network, bits] of METADATA)
    if (
      parsed.kind() === network.kind() &&
      parsed.match([network, bits] as [ipaddr.IPv4, number] & [ipaddr.IPv6, number])
    )
      return false;
  const range = parsed.range();
  // NAT64: how an IPv6-only network reaches the rest of the internet. What counts is the address inside.
  if (range === 'rfc6052')
    return mayReach(ipaddr.fromByteArray(parsed.toByteArray().slice(12)).toString(), allowPrivate);
  return range === 'unicast' || (allowPrivate && PRIVATE.has(range));
}

/** Refuses a host that is written as an address; a connection to such a one asks no resolver. */
export function checkHost(host: string, allowPrivate: boolean): void {
  const bare = host.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(bare) && !mayReach(bare, allowPrivate)) throw refused([bare], allowPrivate);
}

/**
 * The resolver of a connection, which sees only the addresses that it may go to. Asked when the connection is made, with the answer used for it: a name
 * that points elsewhere the second time (DNS rebinding) gains nothing.
 */
export function guardedLookup(allowPrivate: boolean, resolve: Lookup = lookup): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const allowed = addresses.filter(({ address }) => mayReach(address, allowPrivate));
      const [first] = allowed;
      if (first === undefined)
        return callback(
          refused(
            addresses.map(({ address }) => address),
            allowPrivate,
          ),
          '',
          0,
        );
      if (options.all === true) return callback(null, allowed);
      callback(null, first.address, first.family);
    });
  };
}

function refused(addresses: readonly string[], allowPrivate: boolean): AddressRefused {
  const canBeAllowed = !allowPrivate && addresses.some((address) => mayReach(address, true));
  return new AddressRefused(
    `${addresses.join(', ')} is no address that an alert may be sent to${canBeAllowed ? '; if it is meant, set allow_private_address for this target' : ''}`,
  );
}
