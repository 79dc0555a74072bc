import { answerTo, readOptions, UsageError, type Answer } from '../command-line.js';
import { MUTANTS } from './catalogue.js';
import type { Mutant } from './mutant.js';

const USAGE = `npm run mutants [-- options]

Takes one safeguard away at a time, in a copy of what is committed, and runs the specs that have to notice.
The exit code is 1 if one of them goes unnoticed.

${MUTANTS.map(({ name, loses }) => `  ${name.padEnd(18)}  ${loses}`).join('\n')}

  --only NAME  this one; may be given several times
  --help       this text`;

export type MutantOptions = Readonly<{ mutants: readonly Mutant[]; help: boolean }>;

/** @throws UsageError naming an option or a mutant that is not known. */
export function mutantOptions(args: readonly string[]): MutantOptions {
  const { only = [], help } = readOptions('mutants', args, {
    only: { type: 'string', multiple: true },
    help: { type: 'boolean', default: false },
  });
  const unknown = only.find((name) => !MUTANTS.some((mutant) => mutant.name === name));
  if (unknown !== undefined) {
    const names = MUTANTS.map(({ name }) => name).join(', ');
    throw new UsageError(`no mutant is called ${unknown}. There is: ${names}`);
  }
  const mutants = MUTANTS.filter(({ name }) => only.length === 0 || only.includes(name));
  return { mutants, help };
}

/** Help, or what is wrong with the options; nothing if the command can be run with them. */
export const answerAtOnce = (args: readonly string[]): Answer | undefined =>
  answerTo(USAGE, () => mutantOptions(args));
