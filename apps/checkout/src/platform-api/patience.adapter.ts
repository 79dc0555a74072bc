import type { Request, Response } from 'express';
import type { Patience } from '../see-payment/payment-waiters.adapter.js';
import { preferredWait, USUAL_WAIT_SECONDS } from './wait.js';

/** Looks once. */
export const NO_WAIT: Patience = { waitMs: 0, gone: new AbortController().signal };

/** How long a POST waits, as its sender prefers; says so where a preference was followed. */
export function patienceOf(request: Request, response: Response): Patience {
  const preferred = preferredWait(request.header('prefer'));
  if (preferred !== undefined) response.setHeader('preference-applied', `wait=${preferred}`);
  return patient(preferred ?? USUAL_WAIT_SECONDS, response);
}

/** Waits so many seconds at most, and no longer than the caller does. */
export function patient(seconds: number, response: Response): Patience {
  const gone = new AbortController();
  if (response.closed) gone.abort();
  else response.once('close', () => gone.abort());
  return { waitMs: seconds * 1_000, gone: gone.signal };
}
