/** A block of specs as jest gives it: it runs, or it is skipped by name. */
type Block<Run> = Run & Readonly<{ skip: Run }>;

/**
 * Specs that need something no fixture can bring (an engine, a browser): where it is missing that is
 * said aloud, and each of them counts as skipped. Nothing passes without having been tried.
 * @param missing what is not here and what would help, or undefined if all is there.
 */
export function runWhere<Run>(describe: Block<Run>, missing: string | undefined): Run {
  if (missing === undefined) return describe;
  process.stderr.write(`\n!! NOT RUN: ${missing}\n`);
  return describe.skip;
}
