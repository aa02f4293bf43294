import type { LinkKind } from '../records/link-observation.ts';

/** Kinds whose value is no secret and tells the on-call something. */
const READABLE: ReadonlySet<LinkKind> = new Set([
  'egress_network',
  'signup_network',
  'signup_batch',
  'sampling',
  'lockstep',
  'payment_bin',
]);
const SHOWN = 6;

/** Enough of a value to recognise it in two places, too little to use it. */
export function maskAttribute(kind: LinkKind, value: string): string {
  if (READABLE.has(kind)) return value;
  if (value.includes('.') && /^[\d.]+$/.test(value)) return value.replace(/\.\d+\.\d+$/, '.x.x');
  return value.length <= SHOWN ? '…' : `${value.slice(0, SHOWN)}…`;
}
