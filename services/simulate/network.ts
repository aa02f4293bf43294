import type { Random } from './random.ts';

/** Where calls come from. */
export interface Endpoint {
  ip: string;
  asn: number;
}

/** First octets and system numbers are typical of the kind of network, the addresses in them are invented. */
interface Network {
  asn: number;
  prefixes: readonly number[];
}

const ACCESS: Readonly<Record<string, readonly Network[]>> = {
  US: [
    { asn: 7922, prefixes: [73, 98, 24] },
    { asn: 701, prefixes: [71, 96] },
    { asn: 7018, prefixes: [99, 108] },
    { asn: 20115, prefixes: [68, 97] },
  ],
  DE: [{ asn: 3320, prefixes: [84, 91] }],
  GB: [{ asn: 2856, prefixes: [86, 81] }],
  FR: [{ asn: 3215, prefixes: [90, 92] }],
  IN: [
    { asn: 55836, prefixes: [49, 157] },
    { asn: 24560, prefixes: [122, 106] },
  ],
  JP: [{ asn: 17676, prefixes: [126, 60] }],
  KR: [{ asn: 4766, prefixes: [121, 175] }],
  BR: [{ asn: 28573, prefixes: [177, 189] }],
  SG: [{ asn: 9506, prefixes: [119, 116] }],
  CN: [
    { asn: 4134, prefixes: [114, 183] },
    { asn: 4837, prefixes: [123, 125] },
  ],
  TW: [{ asn: 3462, prefixes: [36, 118] }],
  CA: [{ asn: 577, prefixes: [70, 142] }],
};

const HOSTING: readonly Network[] = [
  { asn: 16509, prefixes: [52, 54, 3] },
  { asn: 8075, prefixes: [20, 40] },
  { asn: 396982, prefixes: [34, 35] },
  { asn: 14061, prefixes: [159, 167] },
  { asn: 24940, prefixes: [88, 95] },
  { asn: 16276, prefixes: [51, 54] },
  { asn: 20473, prefixes: [45, 149] },
];

function addressIn(random: Random, network: Network): Endpoint {
  const first = random.pick(network.prefixes);
  return { ip: `${first}.${random.int(256)}.${random.int(256)}.${1 + random.int(254)}`, asn: network.asn };
}

/** A household or office line in the country; every seventh speaks IPv6. Unknown countries get a US line. */
export function accessEndpoint(random: Random, country: string): Endpoint {
  const network = random.pick(ACCESS[country] ?? ACCESS['US'] ?? HOSTING);
  if (random.chance(1 / 7)) {
    const part = (): string => random.hex(4).replace(/^0+(?=.)/, '');
    return { ip: `2a0${random.int(10)}:${part()}:${part()}:${part()}::${1 + random.int(9)}`, asn: network.asn };
  }
  return addressIn(random, network);
}

/** A line that is sure to be IPv4: for addresses that many share, and for /24 networks. */
export function accessEndpointV4(random: Random, country: string): Endpoint {
  return addressIn(random, random.pick(ACCESS[country] ?? ACCESS['US'] ?? HOSTING));
}

export function hostingEndpoint(random: Random): Endpoint {
  return addressIn(random, random.pick(HOSTING));
}

/** Another address of the same /24. */
export function neighbour(random: Random, ip: string): string {
  return `${ip.slice(0, ip.lastIndexOf('.'))}.${1 + random.int(254)}`;
}
