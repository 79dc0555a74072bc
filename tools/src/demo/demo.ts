import { TopicProbe } from '@hutong/messaging';
import { startBackEnd } from '@hutong/testing';
import { Merchant, Operator, Payer, startRing, type Ring } from '@hutong/world';
import { offerOne, payOnce, type Cast, type Seen } from './one-payment.js';
import { printSeen } from './print.js';
import type { Progress } from './progress.js';
import { recordsOf } from './records.js';
import { printTimeline, timelineOf } from './timeline.js';

export type DemoRun = Readonly<{
  /** The repository. */
  root: string;
  once: boolean;
  progress: Progress;
  /** Takes text for the terminal. */
  print: (text: string) => void;
  /** Told once, as soon as the payment is round. */
  report: (seen: Seen, backEnd: string) => Promise<void>;
  /** Ends it, wherever it is. */
  signal: AbortSignal;
}>;

/** Starts everything, takes one payment round, and then more by hand until the signal. */
export async function demo({
  root,
  once,
  progress,
  print,
  report,
  signal,
}: DemoRun): Promise<void> {
  await using backEnd = await progress.step('PostgreSQL and Kafka are ready', () =>
    startBackEnd(progress.note),
  );
  const { brokers, adminUrl, kind } = backEnd;
  await using ring = await progress.step('sandbox and services are ready', () =>
    startRing({ root, brokers, adminUrl, ports: 'well-known', report: progress.note, signal }),
  );
  await using probe = await TopicProbe.connect({ brokers });
  const cast = castOf(ring, probe);
  signal.throwIfAborted();
  const seen = await payOnce(cast, progress, new Date());
  print(printSeen(seen));
  await report(seen, kind);
  if (!once) await goOn(cast, print, signal);
}

function castOf(ring: Ring, probe: TopicProbe): Cast {
  const at = (addresses: readonly URL[]): URL => {
    const [first] = addresses;
    if (first === undefined) throw new Error('no instance runs');
    return first;
  };
  return {
    merchant: new Merchant(at(ring.addressesOf('checkout')), ring.apiKey),
    payer: new Payer(ring.sandbox),
    operator: new Operator(
      { ledger: at(ring.addressesOf('ledger')), routing: at(ring.addressesOf('routing')) },
      ring.token,
    ),
    recordsOf: (paymentId) => recordsOf(probe, paymentId),
  };
}

/** One payment after the other for a person to pay, until the signal. */
async function goOn(cast: Cast, print: (text: string) => void, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<'aborted'>((resolve) => {
    signal.addEventListener('abort', () => resolve('aborted'));
  });
  while (!signal.aborted) {
    const { paymentId, page, validUntil } = await offerOne(cast, new Date());
    print(`Pay ¥128.00 yourself: ${page.href}\nCtrl-C stops everything.\n`);
    const withinMs = validUntil.getTime() - Date.now();
    const paid = cast.merchant.seeUntil(paymentId, 'paid', withinMs).then(
      () => 'paid' as const,
      () => 'expired' as const,
    );
    if ((await Promise.race([paid, aborted])) !== 'paid') continue;
    print(`Paid.\n${printTimeline(timelineOf(await cast.recordsOf(paymentId)))}\n`);
  }
}
