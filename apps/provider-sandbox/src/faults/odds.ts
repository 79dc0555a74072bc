/** `share` of all occasions, 0 to 1; which of them is decided by the seed alone. */
export type Odds = Readonly<{ share: number; seed: number }>;

/** Whether occasion number `n`, from 0, is one of them. Without odds every one is. */
export const strikes = (odds: Odds | undefined, n: number): boolean =>
  odds === undefined || uniform(odds.seed, n) < odds.share;

/** The `n`th number of the seed's sequence, in [0, 1): splitmix32, which needs no state. */
function uniform(seed: number, n: number): number {
  let z = (seed + Math.imul(n + 1, 0x9e3779b9)) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
}
