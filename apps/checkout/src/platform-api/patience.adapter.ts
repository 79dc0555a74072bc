import type { Request, Response } from 'express';
import { keyIdOf } from '../access/platform-guard.adapter.js';
import type { Patience, Waiter } from '../see-payment/payment-waiters.adapter.js';
import { preferredWait, USUAL_WAIT_SECONDS } from './wait.js';

/** Looks once. */
export const NO_WAIT: Patience = { waitMs: 0, gone: new AbortController().signal };

/** How long a platform's POST waits, as its sender prefers. */
export const patienceOf = (request: Request, response: Response): Patience =>
  preferring(request, response, { key: keyIdOf(request) });

/**
 * How long a POST waits, as its sender prefers; says so where a preference was followed. What it does is
 * done by then, so without a place to wait it is answered at once, as if no wait had been preferred.
 */
export function preferring(request: Request, response: Response, who: Waiter): Patience {
  const preferred = preferredWait(request.header('prefer'));
  if (preferred !== undefined) response.setHeader('preference-applied', `wait=${preferred}`);
  const refused = () => response.removeHeader('preference-applied');
  return patient(preferred ?? USUAL_WAIT_SECONDS, response, { who, refused });
}

/** Waits so many seconds at most, and no longer than the caller does. */
export function patient(
  seconds: number,
  response: Response,
  counted: NonNullable<Patience['counted']>,
): Patience {
  const gone = new AbortController();
  if (response.closed) gone.abort();
  else response.once('close', () => gone.abort());
  return { waitMs: seconds * 1_000, gone: gone.signal, counted };
}
