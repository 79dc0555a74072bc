/**
 * What all of them answer, once all have ended: if one fails, none goes on behind the back of whoever
 * cleans up. @throws what the first of them threw.
 */
export async function allDone<Work extends readonly unknown[]>(
  ...work: Work
): Promise<{ -readonly [Index in keyof Work]: Awaited<Work[Index]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
