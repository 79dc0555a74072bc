/** Something that is measured: each call is one run of it. */
export type Side<Name extends string, Run = number[]> = Readonly<{
  name: Name;
  measure: () => Promise<Run>;
}>;

export type Turns = Readonly<{
  runs: number;
  /** Whether each is run once more, first, and that thrown away. */
  warmUp: boolean;
}>;

/**
 * Measures all sides in turns, the order turning round with each run, so that what the machine does
 * beside it befalls them alike.
 * @returns for each side what each run measured.
 */
export async function interleave<Name extends string, Run = number[]>(
  sides: readonly Side<Name, Run>[],
  { runs, warmUp }: Turns,
  note: (line: string) => void,
): Promise<ReadonlyMap<Name, readonly Run[]>> {
  const measured = new Map<Name, Run[]>(sides.map(({ name }) => [name, []]));
  for (let run = warmUp ? 0 : 1; run <= runs; run += 1) {
    for (const { name, measure } of run % 2 === 0 ? sides : sides.toReversed()) {
      const values = await measure();
      if (run > 0) measured.get(name)?.push(values);
    }
    note(run === 0 ? 'warmed up' : `run ${run} of ${runs}`);
  }
  return measured;
}
