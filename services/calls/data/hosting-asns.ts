/**
 * Autonomous systems that rent out servers, with the name under which the regional registries (RIR whois) list them; the largest only. People do not sit
 * there: their calls come through a proxy or are made by a program. An operator adds more with the second argument of `createNetworkResolver`.
 */
export const HOSTING_ASNS: ReadonlySet<number> = new Set([
  16509,
  14618,
  8987, // Amazon
  15169,
  396982, // Google
  8075, // Microsoft
  14061, // DigitalOcean
  16276, // OVH
  24940,
  213230, // Hetzner
  20473, // Vultr (The Constant Company)
  63949, // Akamai Connected Cloud (Linode)
  31898, // Oracle
  45102,
  37963, // Alibaba
  132203,
  45090, // Tencent
  55990,
  136907, // Huawei Cloud
  51167, // Contabo
  12876, // Scaleway
  60781,
  28753, // Leaseweb
  9009, // M247
  212238, // Datacamp
  36352, // HostPapa (ColoCrossing)
  53667, // FranTech (BuyVM)
]);
