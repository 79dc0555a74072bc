import { setTimeout as after } from 'node:timers/promises';

/** Resolves after `ms`, or at once when `signal` is aborted: nothing sleeps through a shutdown. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await after(ms, undefined, { signal });
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
}

/** Whether `work` ended within `ms`. @throws what it threw, if that was in time. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  try {
    return await Promise.race([work.then(() => true), wait(ms, over.signal).then(() => false)]);
  } finally {
    over.abort();
  }
}
