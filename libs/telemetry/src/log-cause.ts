import { isPlainText } from './log-fields.js';

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
  if (!(thrown instanceof Error)) return { name: `thrown ${typeof thrown}`, frames: [] };
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

const vouchesForMessage = (error: Error): boolean =>
  safeToLog in error && error[safeToLog] === true;

function codeOf(error: Error): string | undefined {
  if (!('code' in error)) return undefined;
  const code = typeof error.code === 'number' ? String(error.code) : error.code;
  return isPlainText(code) ? code : undefined;
}

/**
 * `function (file:line:column)` per frame. A stack begins with the message, which may have lines
 * that look like frames: it is cut off first, and what follows must be exact.
 */
function framesOf(error: Error): string[] {
  const stack = typeof error.stack === 'string' ? error.stack : '';
  const message = String(error.message);
  const at = message === '' ? -1 : stack.indexOf(message);
  const trail = at === -1 ? stack : stack.slice(at + message.length);
  return trail
    .split('\n')
    .map(frame)
    .filter((place) => place !== undefined)
    .slice(0, MAX_FRAMES);
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
