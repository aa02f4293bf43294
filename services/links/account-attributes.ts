import ipaddr from 'ipaddr.js';
import type { Account } from '../records/account.ts';
import type { LinkAttribute } from '../records/link-observation.ts';
import { HOUR } from '../records/window.ts';

/** An attribute of a registration, with the event time from which it is true. */
export interface RegisteredAttribute extends LinkAttribute {
  at: number;
}

/** What an account's registration shares with others, batches aside. */
export function accountAttributes(account: Account): RegisteredAttribute[] {
  const attributes: RegisteredAttribute[] = [];
  const { payment_fingerprint, payment_bin, signup_device, signup_ip, created_at, updated_at } = account;
  if (payment_fingerprint !== null)
    attributes.push({ kind: 'payment_fingerprint', value: payment_fingerprint, at: updated_at });
  if (payment_bin !== null) attributes.push({ kind: 'payment_bin', value: payment_bin, at: updated_at });
  if (signup_device !== null) attributes.push({ kind: 'signup_device', value: signup_device, at: created_at });
  if (signup_ip !== null) {
    attributes.push({ kind: 'signup_ip', value: signup_ip, at: created_at });
    const network = networkOf(signup_ip);
    if (network !== null) attributes.push({ kind: 'signup_network', value: network, at: created_at });
  }
  return attributes;
}

/** Hours in which the account signed up, and what other sign-ups must be like to be of its batch. */
export interface SignupHours {
  /** Two overlapping grids of an hour: sign-ups within half an hour of each other always share one of them. */
  hours: readonly string[];
  alike: string;
}

/** null: the registration does not say enough. */
export function signupHours({ created_at, plan, country, email_domain }: Account): SignupHours | null {
  if (country === null || email_domain === null) return null;
  return {
    hours: [`${Math.floor(created_at / HOUR)}`, `${Math.floor((created_at + HOUR / 2) / HOUR)}+`],
    alike: `${plan} ${country} ${email_domain}`,
  };
}

/** The /24 of an IPv4 address, the /48 of an IPv6 address; null when hashed or unreadable. Written as `calls` writes egress networks. */
function networkOf(ip: string): string | null {
  const text = ip.split('%', 1)[0] ?? '';
  if (!ipaddr.isValid(text)) return null;
  const address = ipaddr.process(text);
  const bytes = address.toByteArray();
  return address.kind() === 'ipv4'
    ? `${bytes.slice(0, 3).join('.')}.0/24`
    : `${ipaddr.fromByteArray(bytes.map((byte, i) => (i < 6 ? byte : 0))).toString()}/48`;
}
