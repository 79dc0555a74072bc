import { types } from 'node:util';
import { isCode, isPlainText } from './log-fields.js';

/** An error as it may be logged. Frames are places in code; a message may hold anybody's data. */
export type LoggedCause = Readonly<{
  name: string;
  code?: string;
  /** Only of errors whose class vouches for it with `safeToLog`. */
  message?: string;
  frames: readonly string[];
  cause?: LoggedCause;
  errors?: readonly LoggedCause[];
}>;

/** A class of ours whose messages hold no data of people or providers declares `[safeToLog] = true`. */
export const safeToLog: unique symbol = Symbol.for('hutong.safeToLog');

const MAX_FRAMES = 12;
const MAX_DEPTH = 4;
const MAX_ERRORS = 4;

/** @param thrown anything that was caught: people throw strings, and strings are not logged. */
export function loggedCause(thrown: unknown, depth = 0): LoggedCause {
  if (!isError(thrown)) return { name: `thrown ${typeof thrown}`, frames: [] };
  const deeper = depth + 1 < MAX_DEPTH;
  const code = codeOf(thrown);
  const many: readonly unknown[] = thrown instanceof AggregateError ? thrown.errors : [];
  return {
    name: isPlainText(thrown.name) ? thrown.name : 'Error',
    ...(code !== undefined && { code }),
    ...(vouchesForMessage(thrown) && { message: thrown.message.slice(0, 500) }),
    frames: framesOf(thrown),
    ...(deeper && thrown.cause !== undefined && { cause: loggedCause(thrown.cause, depth + 1) }),
    ...(deeper &&
      many.length > 0 && {
        errors: many.slice(0, MAX_ERRORS).map((one) => loggedCause(one, depth + 1)),
      }),
  };
}

/** Also one of another realm, of which `instanceof` knows nothing. */
const isError = (thrown: unknown): thrown is Error =>
  thrown instanceof Error || types.isNativeError(thrown);

const vouchesForMessage = (error: Error): boolean =>
  safeToLog in error && error[safeToLog] === true;

function codeOf(error: Error): string | undefined {
  if (!('code' in error)) return undefined;
  const code = typeof error.code === 'number' ? String(error.code) : error.code;
  return isCode(code) ? code : undefined;
}

/**
 * `function (file:line:column)` per frame. A stack begins with the message, which may have lines that
 * look like frames: it is cut off first. Where the message was changed after the stack was taken,
 * nobody can tell them apart, and no frame is kept.
 */
function framesOf(error: Error): string[] {
  const stack = typeof error.stack === 'string' ? error.stack : '';
  return trailOf(stack, String(error.message))
    .split('\n')
    .map(frame)
    .filter((place) => place !== undefined)
    .slice(0, MAX_FRAMES);
}

/** What follows the heading, `Name: message` or `Name` alone. */
function trailOf(stack: string, message: string): string {
  const [first = ''] = stack.split('\n', 1);
  if (message === '') return /^[\w$.]*$/.test(first) ? stack.slice(first.length) : '';
  const at = stack.indexOf(`: ${message}\n`);
  return at === -1 || at > first.length ? '' : stack.slice(at + 2 + message.length);
}

function frame(line: string): string | undefined {
  const [, called, place] =
    /^ {4}at (?:(?:async )?([\w.$<>[\] ]{1,80}) \()?((?:file:\/\/|node:|\/)[\w./@+-]+:\d+:\d+)\)?$/.exec(
      line,
    ) ?? [];
  if (place === undefined) return undefined;
  const short = place.replace(/^.*\/(?=(node_modules|apps|libs|tools)\/)/, '');
  return called === undefined ? short : `${called} (${short})`;
}
