import { eventually } from '@hutong/testing';
import { metricOf, type Merchant, type PaymentView } from '@hutong/world';
import type { FaultWorld } from './fault-world.examples.js';
import { offeredOf, ordered, WITHIN_MS } from './ways.examples.js';

const LONG_SECONDS = 20;
/** Who waits at checkout looks by itself a second after its last look: a tenth less, for timers. */
const UNTOLD_FOR_MS = 900;

/**
 * Somebody waits at each instance of checkout, in one request each, while a payment is closed at one of
 * them: until all are answered sooner than any would have looked by itself, with a payment each time.
 * On a busy machine that takes some tries; who is told of nothing never is so soon, however often.
 * @returns the payment as each of them saw it. @throws Error saying how late the last ones were answered.
 */
export const toldAtOnce = (world: FaultWorld, at: Merchant): Promise<readonly PaymentView[]> =>
  eventually(
    async () => {
      const { paymentId } = await offeredOf(at, (await ordered(at)).paymentId);
      const waits = Promise.all(
        world.shops.map((shop) => timed(shop.see(paymentId, LONG_SECONDS))),
      );
      waits.catch(() => undefined); // of a try that is given up
      await eventually(async () => (await waiters(world)).every((count) => count > 0), {
        withinMs: WITHIN_MS,
        what: 'somebody to wait at each instance',
      });
      await at.close(paymentId);
      const answers = await waits;
      const lateMs = answers.map(({ tookMs }) => tookMs).filter((ms) => ms >= UNTOLD_FOR_MS);
      if (lateMs.length > 0) throw new Error(`answered after ${lateMs.join(' and ')} ms`);
      return answers.map(({ seen }) => seen);
    },
    { withinMs: WITHIN_MS, what: 'those who wait to be told at once' },
  );

/** How many requests wait at each instance. */
const waiters = ({ ring }: FaultWorld): Promise<number[]> =>
  Promise.all(ring.instancesOf('checkout').map((one) => metricOf(one, 'hutong_checkout_waiters')));

async function timed(asked: Promise<PaymentView>) {
  const started = performance.now();
  const seen = await asked;
  return { seen, tookMs: Math.round(performance.now() - started) };
}
