import { answerTo, readOptions, type Answer } from '../command-line.js';

const USAGE = `npm run docs [-- options]

Writes the documents that are made from code.

  --check  writes nothing; exit code 1 with the names of those that are not up to date
  --help   this text`;

/** @throws UsageError naming an option that is not known. */
export const docsOptions = (args: readonly string[]) =>
  readOptions('docs', args, {
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });

/** Help, or what is wrong with the options; nothing if the command can be run with them. */
export const answerAtOnce = (args: readonly string[]): Answer | undefined =>
  answerTo(USAGE, () => docsOptions(args));
