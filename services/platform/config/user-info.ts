/** User or password of an address as it was meant: one with a stray `%` was not encoded, and is taken as it is. */
export function decodedUserInfo(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
