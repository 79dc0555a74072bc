import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mutated, type Mutant } from './mutant.js';
import { runSpecs } from './run-specs.js';

/** What became of a mutant. `by` are the tests that failed: none, and it survived. */
export type Fate = Readonly<{ mutant: Mutant; by: readonly string[]; tookMs: number }>;

export type Hunt = Readonly<{
  /** A working copy. */
  folder: string;
  /** Told of each step, one line a step. */
  report: (line: string) => void;
  /** Where broker and database are. */
  env: Readonly<Record<string, string>>;
}>;

/**
 * Lets loose one mutant after another in a working copy, and looks which specs notice.
 * @throws Error if the specs do not pass without a mutant, or cannot be run with one: nothing would be shown.
 */
export async function hunt(mutants: readonly Mutant[], o: Hunt): Promise<Fate[]> {
  await controlled(mutants, o);
  const fates: Fate[] = [];
  for (const mutant of mutants) {
    const fate = await fateOf(mutant, o);
    fates.push(fate);
    const { by } = fate;
    o.report(
      `${mutant.name}: ${by.length === 0 ? 'SURVIVED' : `caught by ${by.length} of its tests`}`,
    );
  }
  return fates;
}

/** A spec that fails by itself would catch everything. */
async function controlled(
  mutants: readonly Mutant[],
  { folder, report, env }: Hunt,
): Promise<void> {
  const specs = [...new Set(mutants.flatMap((mutant) => mutant.specs))];
  const { passed, failed, broken } = await runSpecs(folder, specs, env);
  if (failed.length > 0 || broken.length > 0 || passed === 0) {
    throw new Error(['the specs do not pass without a mutant:', ...failed, ...broken].join('\n  '));
  }
  report(`without a mutant: ${passed} tests in ${specs.length} files pass`);
}

async function fateOf(mutant: Mutant, { folder, env }: Hunt): Promise<Fate> {
  const file = join(folder, mutant.file);
  const source = await readFile(file, 'utf8');
  const began = performance.now();
  await writeFile(file, mutated(source, mutant));
  try {
    const { failed, broken } = await runSpecs(folder, mutant.specs, env);
    if (broken.length > 0) {
      throw new Error([`mutant ${mutant.name} does not run:`, ...broken].join('\n  '));
    }
    return { mutant, by: failed, tookMs: performance.now() - began };
  } finally {
    await writeFile(file, source);
  }
}
