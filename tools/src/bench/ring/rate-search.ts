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

/** A rate, and what it did each time it was driven. */
export type Confirmed<Driven> = Readonly<{ rate: number; runs: readonly Driven[] }>;

/** What a search found may have been luck: it is tried again, and lowered by this until it holds. */
const LOWERED_BY = 0.92;

/**
 * The found rate if it holds in every one of so many runs, else the next lower one that does.
 * @returns rate 0 and no run where none does.
 */
export async function confirmedRate<Driven>(
  { highest, runs }: Readonly<{ highest: number; runs: number }>,
  drive: (rate: number) => Promise<Driven>,
  holds: (driven: Driven, rate: number) => boolean,
): Promise<Confirmed<Driven>> {
  for (let rate = highest; rate >= 1; rate = Math.floor(rate * LOWERED_BY)) {
    const held: Driven[] = [];
    while (held.length < runs) {
      const driven = await drive(rate);
      if (!holds(driven, rate)) break;
      held.push(driven);
    }
    if (held.length === runs) return { rate, runs: held };
  }
  return { rate: 0, runs: [] };
}
