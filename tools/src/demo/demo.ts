import { TopicProbe } from '@hutong/messaging';
import { castOf } from './cast.js';
import { goOn } from './go-on.js';
import { payOnce, type Seen } from './one-payment.js';
import { printAccess, printSeen } from './print.js';
import { startSystem, type SystemRun } from './start-system.js';

export type DemoRun = SystemRun &
  Readonly<{
    once: boolean;
    /** Takes text for the terminal. */
    print: (text: string) => void;
    /** Told once, as soon as the payment is round. */
    report: (seen: Seen, backEnd: string) => Promise<void>;
  }>;

/** Starts everything, takes one payment round, and then more by hand until the signal. */
export async function demo(run: DemoRun): Promise<void> {
  const { once, progress, print, report, signal } = run;
  await using system = await startSystem(run, { ports: 'well-known' });
  const { ring, watch, step, brokers } = system;
  await using probe = await step('topics can be read', () =>
    TopicProbe.connect({ brokers: [...brokers] }),
  );
  const cast = castOf(ring, probe);
  const seen = await payOnce(cast, step, new Date());
  print(printSeen(seen));
  await report(seen, system.backEnd);
  if (once) return;
  print(printAccess(ring, seen.payment.paymentId));
  watch.restartIn(ring);
  await goOn(cast, { progress, watch, print, signal });
}
