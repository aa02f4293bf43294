/** In this order: a browser also says the names of those that it descends from. */
const BROWSERS = [
  ['Edg', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['FxiOS/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['CriOS/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;

/** Enough for people to know their own again; the rest of a user agent is whatever its sender wants. */
export function browserName(userAgent: string | undefined): string {
  return BROWSERS.find(([sign]) => userAgent?.includes(sign))?.[1] ?? 'another';
}
