/** ClickHouse's own form of an error, so that @clickhouse/client reads code and type from it. */
export function clickHouseError(code: number, name: string, message: string): Error {
  return new Error(`Code: ${code}. DB::Exception: ${message} (${name})`);
}

/** The engine's message without what the addon puts before it, with the version that a server would add. */
export function errorText(error: unknown, version: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const own = /Code: \d+\. DB::.*/s.exec(message)?.[0] ?? clickHouseError(1002, 'UNKNOWN_EXCEPTION', message).message;
  // Said twice of an error in the data of an INSERT.
  const once = own.replace(/^(Code: \d+\. DB::Exception: )\1/, '$1');
  return `${once.trimEnd()} (version ${version} (official build))`;
}

export function errorCode(text: string): number {
  return Number(/Code: (\d+)/.exec(text)?.[1] ?? 1002);
}

const STATUS: Readonly<Record<number, number>> = {
  194: 401,
  192: 403,
  193: 403,
  516: 403,
  512: 403,
  497: 403,
  307: 413,
  48: 501,
  209: 503,
  76: 503,
  439: 503,
  159: 408,
};
const BAD_REQUEST = new Set([
  6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675, 676,
]);
const NOT_FOUND = new Set([46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511]);

/** The HTTP status that a ClickHouse server gives for an error code. */
export function httpStatus(code: number): number {
  return STATUS[code] ?? (BAD_REQUEST.has(code) ? 400 : NOT_FOUND.has(code) ? 404 : 500);
}
