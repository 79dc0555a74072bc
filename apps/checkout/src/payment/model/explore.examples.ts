/** One step from a state. @see Space.movesFrom */
export type Move<S> = Readonly<{
  words: string;
  /** It has to happen sooner or later, unless another such step takes it away. */
  duty: boolean;
  to: S;
}>;

/** Finitely many states, and what is asked of them. */
export type Space<S> = Readonly<{
  starts: readonly S[];
  movesFrom: (state: S) => readonly Move<S>[];
  /** The same for states that do not differ. */
  keyOf: (state: S) => string;
  /** What must hold in every state, and does not. */
  wrongIn: (state: S) => string | undefined;
  /** What must hold where nothing has to happen any more, and does not. */
  unsettledIn: (state: S) => string | undefined;
}>;

export type Explored = Readonly<{
  states: number;
  moves: number;
  /** States in which nothing has to happen any more. */
  settled: number;
  /** Of the longest of the shortest ways to a state, in moves. */
  depth: number;
}>;

/** What was found wrong, and a shortest way to it. */
export class Fault extends Error {
  constructor(
    readonly rule: string,
    readonly trace: readonly string[],
  ) {
    super([rule, ...trace.map((words, i) => `${i + 1}. ${words}`)].join('\n  '));
  }
}

/**
 * Every state, nearest first. Afterwards: whatever the order in which that is done which has to be,
 * it comes to an end, so that no state is stuck and none goes round for ever.
 * @throws Fault if something is wrong.
 */
export function explore<S>(space: Space<S>): Explored {
  const known = new Map<string, number>();
  const from: number[] = [];
  const by: string[] = [];
  const dutiesFrom: number[] = [];
  const dutiesTo: number[] = [];
  let [moves, settled, depth] = [0, 0, 0];
  let next: { at: number; state: S }[] = [];

  const traceTo = (at: number): string[] =>
    at < 0 ? [] : [...traceTo(from[at] ?? -1), by[at] ?? ''];
  const visit = (state: S, words: string, source: number): number => {
    const key = space.keyOf(state);
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const at = known.size;
    known.set(key, at);
    from.push(source);
    by.push(words);
    const wrong = space.wrongIn(state);
    if (wrong !== undefined) throw new Fault(wrong, traceTo(at));
    next.push({ at, state });
    return at;
  };

  for (const state of space.starts) visit(state, 'a payment is requested', -1);
  for (; next.length > 0; depth += 1) {
    const level = next;
    next = [];
    for (const { at, state } of level) {
      let anyDuty = false;
      for (const { words, duty, to } of space.movesFrom(state)) {
        const target = visit(to, words, at);
        moves += 1;
        if (!duty) continue;
        anyDuty = true;
        dutiesFrom.push(at);
        dutiesTo.push(target);
      }
      if (anyDuty) continue;
      settled += 1;
      const unsettled = space.unsettledIn(state);
      if (unsettled !== undefined) throw new Fault(`stuck: ${unsettled}`, traceTo(at));
    }
  }
  const endless = firstEndless(known.size, dutiesFrom, dutiesTo);
  if (endless !== undefined) throw new Fault('need never settle', traceTo(endless));
  return { states: known.size, moves, settled, depth: depth - 1 };
}

/** The first state from which the given steps, walked backwards from where there are none, may go on for ever. */
function firstEndless(
  states: number,
  stepsFrom: readonly number[],
  stepsTo: readonly number[],
): number | undefined {
  const left = new Uint32Array(states);
  const into = Array.from({ length: states }, (): number[] => []);
  stepsFrom.forEach((at, step) => {
    left[at] = (left[at] ?? 0) + 1;
    into[stepsTo[step] ?? at]?.push(at);
  });
  const ending: number[] = [];
  left.forEach((count, at) => count === 0 && ending.push(at));
  for (let at = ending.pop(); at !== undefined; at = ending.pop()) {
    for (const source of into[at] ?? []) {
      const count = (left[source] ?? 0) - 1;
      left[source] = count;
      if (count === 0) ending.push(source);
    }
  }
  const endless = left.findIndex((count) => count > 0);
  return endless === -1 ? undefined : endless;
}
