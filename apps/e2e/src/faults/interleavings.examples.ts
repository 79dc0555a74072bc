import fc from 'fast-check';

/** Every order of all elements that keeps each list's own order. */
export function interleavings<T>(lists: readonly (readonly T[])[]): (readonly T[])[] {
  const left = lists.filter((list) => list.length > 0);
  if (left.length === 0) return [[]];
  return left.flatMap((list, n) => {
    const [first, ...rest] = list;
    if (first === undefined) return [];
    const others = left.map((other, m) => (m === n ? rest : other));
    return interleavings(others).map((order) => [first, ...order]);
  });
}

/** How many orders there are of lists of these lengths. */
export function howMany(lengths: readonly number[]): number {
  let [count, placed] = [1, 0];
  for (const length of lengths) {
    for (let own = 1; own <= length; own += 1) {
      placed += 1;
      count = (count * placed) / own; // of `placed`, `own` belong to this list: always whole
    }
  }
  return count;
}

/** Whose turn it is, place by place: a list's number. */
export type Turns = readonly number[];

/** All orders, if there are no more than `upTo`; of more, `drawn` of them, as `seed` says. */
export type Bound = Readonly<{ upTo: number; drawn: number; seed: number }>;

/** How many of so many orders that is. */
export const howManyOf = (count: number, { upTo, drawn }: Bound): number =>
  count <= upTo ? count : drawn;

/** Orders of lists of these lengths: every one, or those that are drawn. */
export function turnsOf(lengths: readonly number[], bound: Bound): readonly Turns[] {
  const own = lengths.map((length, n) => Array.from({ length }, () => n));
  if (howMany(lengths) <= bound.upTo) return interleavings(own);
  const all = own.flat();
  const shuffled = fc.shuffledSubarray(all, { minLength: all.length });
  const runs = fc.sample(shuffled, { seed: bound.seed, numRuns: DRAWS_EACH * bound.drawn });
  return [...new Map(runs.map((turns) => [turns.join(), turns])).values()].slice(0, bound.drawn);
}

/** Some are drawn twice. */
const DRAWS_EACH = 8;

/** The elements in the order of these turns. */
export function inTurns<T>(lists: readonly (readonly T[])[], turns: Turns): readonly T[] {
  const left = lists.map((list) => list.values());
  return turns.flatMap((n) => left[n]?.next().value ?? []);
}

/** Neighbours that have the same name, together. */
export function runsOf<T>(all: readonly T[], nameOf: (one: T) => string): (readonly T[])[] {
  const runs: T[][] = [];
  let last: string | undefined;
  for (const one of all) {
    if (nameOf(one) === last) runs.at(-1)?.push(one);
    else runs.push([one]);
    last = nameOf(one);
  }
  return runs;
}
