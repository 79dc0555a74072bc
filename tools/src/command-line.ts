import { parseArgs, type ParseArgsConfig } from 'node:util';

/** What was typed cannot be understood; the exit code is 2. */
export class UsageError extends Error {}

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
    const [said = ''] = (cause instanceof Error ? cause.message : '').split('. ');
    throw new UsageError(`${said}. npm run ${command} -- --help says what there is.`, { cause });
  }
}
