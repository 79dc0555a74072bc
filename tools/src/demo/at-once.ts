import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { isNativeError } from 'node:util/types';
import { UsageError } from '../command-line.js';
import { demoOptions, USAGE, type DemoOptions } from './options.js';

/** What is answered before anything is built or started. */
export type Answer = Readonly<{ exitCode: number; text: string }>;

/** Help, or what is wrong with the options; nothing if the demo can be run with them. */
export function answerAtOnce(args: readonly string[]): Answer | undefined {
  try {
    const options = demoOptions(args);
    if (options.help) return { exitCode: 0, text: USAGE };
    refuseUnwritable(options);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    return { exitCode: 2, text: cause.message };
  }
}

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
