/** A safeguard taken away, in one place of the sources, and who has to notice. */
export type Mutant = Readonly<{
  /** As it is named on the command line. */
  name: string;
  /** What is lost without the safeguard. */
  loses: string;
  /** From the repository's root. */
  file: string;
  /** What stands there once, and what is put in its place. */
  before: string;
  after: string;
  /** Specs of which at least one must fail, from the repository's root: the shortest that suffice. */
  specs: readonly string[];
}>;

/**
 * The source without the safeguard.
 * @throws Error if what is to be replaced does not stand there exactly once: the mutant has to follow its code.
 */
export function mutated(source: string, { name, file, before, after }: Mutant): string {
  const times = source.split(before).length - 1;
  if (times !== 1) {
    throw new Error(`mutant ${name}: what it replaces stands ${times} times in ${file}`);
  }
  return source.replace(before, () => after);
}
