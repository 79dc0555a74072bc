import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** W3C Trace Context, version 00: `00-<32 hex: trace>-<16 hex: span>-<2 hex: flags>`. */
export type Traceparent = string;

const carried = new AsyncLocalStorage<Traceparent>();

/** What the work that runs now belongs to; goes out with every request and outbox row. */
export function currentTraceparent(): Traceparent | undefined {
  return carried.getStore();
}

/** The trace id alone, for logs. */
export function currentTraceId(): string | undefined {
  return carried.getStore()?.split('-')[1];
}

/**
 * Runs work as part of a trace: of the caller's under a new span if `incoming` is valid, else of a
 * new one. What the caller sent is untrusted and never refuses the work.
 */
export function withTraceparent<T>(incoming: string | undefined, run: () => T): T {
  return carried.run(childOf(incoming), run);
}

/** A new span in the trace of `incoming`, or in a new, sampled trace. */
function childOf(incoming: string | undefined): Traceparent {
  const parent = incoming === undefined ? undefined : parse(incoming);
  const trace = parent?.trace ?? randomBytes(16).toString('hex');
  return `00-${trace}-${randomBytes(8).toString('hex')}-${parent?.flags ?? '01'}`;
}

/** Versions after 00 may add members behind the flags; ff is forbidden, as are ids of zeros alone. */
function parse(text: string): { trace: string; flags: string } | undefined {
  const [, version, trace = '', span = '', flags = '', more] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.{0,200})?$/.exec(text) ?? [];
  if (version === undefined || version === 'ff') return undefined;
  if (version === '00' && more !== undefined) return undefined;
  if (/^0+$/.test(trace) || /^0+$/.test(span)) return undefined;
  // Of the flags only "sampled" means anything in the version that we write.
  return { trace, flags: (Number.parseInt(flags, 16) & 1) === 1 ? '01' : '00' };
}
