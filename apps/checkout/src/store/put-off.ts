const FIRST_MS = 10_000;
const LONGEST_MS = 3_600_000;

/** How long work is put off that has failed so many times in a row: doubled each time, up to an hour. */
export const putOffMs = (failures: number): number =>
  Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
