/** Standard errors: one-sided 99.9 % and 95 %. */
export const SURE = 3;
export const LIKELY = 1.645;

export interface Share {
  part: number;
  whole: number;
}

/** Where a share lies, by the score interval of Wilson (1927), which holds for a handful of calls too. `above`, `below`: how sure of each, in standard errors. */
export function side(
  share: Share,
  boundary: number,
  { above, below }: { above: number; below: number },
): 'above' | 'below' | 'unclear' {
  if (share.whole === 0) return 'unclear';
  if (scoreLimit(share, -above) >= boundary) return 'above';
  return scoreLimit(share, below) < boundary ? 'below' : 'unclear';
}

function scoreLimit({ part, whole }: Share, z: number): number {
  const share = part / whole;
  const middle = share + (z * z) / (2 * whole);
  const half = z * Math.sqrt((share * (1 - share)) / whole + (z * z) / (4 * whole * whole));
  return (middle + half) / (1 + (z * z) / whole);
}
