/** An address below another one, which people write with or without a slash at its end. `path` begins with one. */
export function under(base: string, path: string): string {
  return `${base.replace(/\/$/, '')}${path}`;
}
