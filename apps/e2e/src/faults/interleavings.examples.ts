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
