import { parseArgs, type ParseArgsConfig } from 'node:util';
import { isNativeError } from 'node:util/types';

/** What was typed cannot be understood; the exit code is 2. */
export class UsageError extends Error {}

/** What is answered before anything is built or started. */
export type Answer = Readonly<{ exitCode: number; text: string }>;

/**
 * Help, or what is wrong with the options; nothing if the command can be run with them.
 * @param read the options. @throws whatever it throws that is no UsageError.
 */
export function answerTo(
  usage: string,
  read: () => Readonly<{ help: boolean }>,
): Answer | undefined {
  try {
    return read().help ? { exitCode: 0, text: usage } : undefined;
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    return { exitCode: 2, text: cause.message };
  }
}

/**
 * The options of a command, which takes nothing else.
 * @throws UsageError naming what is not known, with where help is.
 */
export function readOptions<Options extends NonNullable<ParseArgsConfig['options']>>(
  command: string,
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (cause) {
    const [said = ''] = (isNativeError(cause) ? cause.message : '').split('. ');
    throw new UsageError(`${said}. npm run ${command} -- --help says what there is.`, { cause });
  }
}
