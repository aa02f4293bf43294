import ipaddr from 'ipaddr.js';
import type { Account } from '../records/account.ts';
import type { LinkAttribute } from '../records/link-observation.ts';
import { HOUR } from '../records/window.ts';

/** What an account's registration shares with others. */
export function accountAttributes(account: Account): LinkAttribute[] {
  const attributes: LinkAttribute[] = [];
  const { payment_fingerprint, payment_bin, signup_device, signup_ip, created_at, plan, country, email_domain } =
    account;
  if (payment_fingerprint !== null) attributes.push({ kind: 'payment_fingerprint', value: payment_fingerprint });
  if (payment_bin !== null) attributes.push({ kind: 'payment_bin', value: payment_bin });
  if (signup_device !== null) attributes.push({ kind: 'signup_device', value: signup_device });
  if (signup_ip !== null) {
    attributes.push({ kind: 'signup_ip', value: signup_ip });
    const network = networkOf(signup_ip);
    if (network !== null) attributes.push({ kind: 'signup_network', value: network });
  }
  if (country !== null && email_domain !== null) {
    // Two overlapping grids of an hour: sign-ups within half an hour of each other always share one of them.
    const hour = Math.floor(created_at / HOUR);
    const shifted = Math.floor((created_at + HOUR / 2) / HOUR);
    const alike = `${plan} ${country} ${email_domain}`;
    attributes.push(
      { kind: 'signup_batch', value: `${hour} ${alike}` },
      { kind: 'signup_batch', value: `${shifted}+ ${alike}` },
    );
  }
  return attributes;
}

function networkOf(ip: string): string | null {
  const text = ip.split('%', 1)[0] ?? '';
  if (!ipaddr.isValid(text)) return null; // hashed, or unreadable
  const address = ipaddr.process(text);
  const bytes = address.toByteArray();
  return address.kind() === 'ipv4'
    ? `${bytes.slice(0, 3).join('.')}.0/24`
    : `${ipaddr.fromByteArray(bytes.map((byte, i) => (i < 6 ? byte : 0))).toString()}/48`;
}
