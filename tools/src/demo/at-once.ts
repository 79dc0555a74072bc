import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { isNativeError } from 'node:util/types';
import { answerTo, UsageError, type Answer } from '../command-line.js';
import { demoOptions, USAGE, type DemoOptions } from './options.js';

/** Help, or what is wrong with the options; nothing if the demo can be run with them. */
export const answerAtOnce = (args: readonly string[]): Answer | undefined =>
  answerTo(USAGE, () => {
    const options = demoOptions(args);
    if (!options.help) refuseUnwritable(options);
    return options;
  });

/** Leaves no file behind where there was none. @throws UsageError saying why it cannot be written */
function refuseUnwritable({ json }: DemoOptions): void {
  if (json === undefined) return;
  const isThere = existsSync(json);
  try {
    closeSync(openSync(json, 'a'));
  } catch (cause) {
    const why = isNativeError(cause) ? cause.message : String(cause);
    throw new UsageError(`--json cannot be written: ${why}`, { cause });
  }
  if (!isThere) rmSync(json);
}
