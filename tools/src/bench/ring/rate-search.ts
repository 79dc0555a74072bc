export type RateSearch = Readonly<{
  /** Tried first; at least 1. */
  from: number;
  /** Ends where what holds and what does not differ by so much of it, or by one. */
  within: number;
  /** Nothing above is tried. */
  upTo: number;
}>;

/** What held, 0 if nothing did, and the lowest that did not: without end if all did that was tried. */
export type Found = Readonly<{ highest: number; refused: number }>;

/**
 * The highest whole rate that holds: up by a half until one does not, then between the two.
 * @param holds is asked one rate after the other, and taken at its word.
 */
export async function highestRate(
  { from, within, upTo }: RateSearch,
  holds: (rate: number) => Promise<boolean>,
): Promise<Found> {
  let [highest, refused] = [0, Infinity];
  let next = from;
  while (next <= upTo && refused - highest > Math.max(1, highest * within)) {
    if (await holds(next)) highest = next;
    else refused = next;
    next = refused === Infinity ? Math.ceil(highest * 1.5) : Math.floor((highest + refused) / 2);
  }
  return { highest, refused };
}
