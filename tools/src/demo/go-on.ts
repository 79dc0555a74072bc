import { Refused, type Merchant } from '@hutong/world';
import { eventually } from '@hutong/testing';
import { offerOne, seeBooked, wayOf, type Cast } from './one-payment.js';
import type { Progress } from './progress.js';
import { printTimeline } from './timeline.js';
import type { Watch } from './watch.js';

export type Onlooker = Readonly<{
  progress: Progress;
  /** Starts services again that end. */
  watch: Watch;
  /** Takes text for the terminal. */
  print: (text: string) => void;
  signal: AbortSignal;
}>;

const LONG_POLL_SECONDS = 2;

/** One payment after the other for a person to pay, until the signal. @throws StepFailed */
export async function goOn(cast: Cast, onlooker: Onlooker): Promise<void> {
  const { signal } = onlooker;
  try {
    while (!signal.aborted) await oneByHand(cast, onlooker);
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
}

async function oneByHand(cast: Cast, { progress, watch, print }: Onlooker): Promise<void> {
  const step = <T>(name: string, work: () => Promise<T>) =>
    progress.silent(name, () => watch.outlast(work));
  const offered = await step('a payment is offered to a person', () => offerOne(cast, new Date()));
  print(`Pay ¥128.00 yourself: ${offered.page.href}\nCtrl-C stops everything.\n`);
  const paid = await step('a person pays', () => isPaid(cast.merchant, offered));
  if (!paid) return print('Nobody paid in time: here is another one.');
  const hops = await step('ledger has booked it, and its events are read', async () => {
    const { bookedAt } = await seeBooked(cast, offered.attemptId);
    return wayOf(cast, { ...offered, bookedAt });
  });
  print(`Paid.\n${printTimeline(hops)}\n`);
}

/**
 * Whether it was paid before its code ran out; checkout may be away for a while.
 * @throws Refused if checkout will not say; Error if it does not answer until then.
 */
async function isPaid(
  merchant: Merchant,
  { paymentId, validUntil }: Readonly<{ paymentId: string; validUntil: Date }>,
): Promise<boolean> {
  const look = async (): Promise<Refused | 'paid' | 'expired' | undefined> => {
    try {
      const { status } = await merchant.see(paymentId, LONG_POLL_SECONDS);
      if (status === 'paid') return 'paid';
      return Date.now() < validUntil.getTime() ? undefined : 'expired';
    } catch (cause) {
      if (cause instanceof Refused && cause.status < 500) return cause;
      throw cause;
    }
  };
  const withinMs = Math.max(validUntil.getTime() - Date.now(), 0) + AWAY_AT_MOST_MS;
  const seen = await eventually(look, { withinMs, what: `payment ${paymentId} to be paid` });
  if (seen instanceof Refused) throw seen;
  return seen === 'paid';
}

/** Beyond the end of a code: a service that is started again just then is waited for. */
const AWAY_AT_MOST_MS = 60_000;
