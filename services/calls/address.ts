import { createGenerations } from './generations.ts';
import type { Hashes } from './hashes.ts';
import { LONGEST_ADDRESS, type Network, type NetworkResolver } from './network.ts';
import { type SeenAttribute, seen } from './seen-attribute.ts';

/** Where a call came from. The same object for all calls from there. */
export interface Address {
  source_ip: string | null;
  source_asn: number | null;
  network: Network;
  ip_hash: number | null;
  network_hash: number | null;
  asn_hash: number | null;
  /** What `links` is told of it: readable for the on-call (a gateway that must not send addresses hashes them at the door). */
  attributes: readonly SeenAttribute[];
}

export type AddressOf = (sourceIp: string | null, sourceAsn: number | null) => Address;

export function createAddresses({ hash32, bounded }: Hashes, resolveNetwork: NetworkResolver): AddressOf {
  const known = createGenerations<Address>();
  const resolve: AddressOf = (sourceIp, sourceAsn) => {
    const network = resolveNetwork(sourceIp, sourceAsn);
    const ip_hash = sourceIp === null ? null : hash32(sourceIp);
    const network_hash = network.network === null ? null : hash32(network.network);
    const attributes: SeenAttribute[] = [];
    if (sourceIp !== null && network.kind !== 'invalid')
      attributes.push(seen('egress_ip', bounded(sourceIp), ip_hash ?? 0));
    if (network.network !== null) attributes.push(seen('egress_network', network.network, network_hash ?? 0));
    return {
      source_ip: sourceIp,
      source_asn: sourceAsn,
      network,
      ip_hash,
      network_hash,
      asn_hash: network.asn === null ? null : hash32(`AS${network.asn}`),
      attributes,
    };
  };
  return (sourceIp, sourceAsn) => {
    // Longer texts are no addresses, and would let garbage fill the memory.
    if (sourceIp === null || sourceIp.length > LONGEST_ADDRESS) return resolve(sourceIp, sourceAsn);
    const key = sourceAsn === null ? sourceIp : `${sourceIp} ${sourceAsn}`;
    return known.of(key, () => resolve(sourceIp, sourceAsn));
  };
}
