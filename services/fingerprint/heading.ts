/** A line that says what follows without a colon, by its first and last character: `# Title`, `<tag>`, `[Title]`, `---Title---`, `**Title**`. */
export function isHeading(first: number, last: number): boolean {
  switch (first) {
    case 0x23: // #
      return true;
    case 0x3c: // <
      return last === 0x3e;
    case 0x5b: // [
      return last === 0x5d;
    case 0x2a: // *
    case 0x2d: // -
    case 0x3d: // =
      return last === first;
    default:
      return false;
  }
}
