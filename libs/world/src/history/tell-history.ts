import { encodeEnvelope, keyOf, PAYMENT_OUTCOMES } from '@hutong/domain-events';
import type { TopicProbe } from '@hutong/messaging';
import { eventually } from '@hutong/testing';
import type { Past } from './history.js';

/** Records of one request: far below what a broker takes at once. */
const AT_ONCE = 500;
/** On a small machine the ledger books some hundreds a second. */
const BOOKED_WITHIN_MS = 180_000;

/**
 * Tells the past on the very topic on which checkout tells the present, and waits until the ledger has
 * heard it all. Told again, nothing is booked twice.
 * @param progress told how many of how many are booked or sent.
 */
export async function tellHistory(
  past: Past,
  probe: TopicProbe,
  progress: (line: string) => void = () => undefined,
): Promise<void> {
  for (let from = 0; from < past.length; from += AT_ONCE) {
    const records = past
      .slice(from, from + AT_ONCE)
      .map((one) => ({ key: keyOf(one.event), value: encodeEnvelope(one) }));
    await probe.produce(PAYMENT_OUTCOMES, ...records);
    progress(`${Math.min(from + AT_ONCE, past.length)} of ${past.length} outcomes told`);
  }
  await eventually(() => probe.settled([PAYMENT_OUTCOMES], 'ledger'), {
    withinMs: BOOKED_WITHIN_MS,
    what: 'the ledger to have booked the history',
  });
}
