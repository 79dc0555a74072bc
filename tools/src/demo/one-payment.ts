import type { Merchant, Operator, Payer, PaymentView } from '@hutong/world';
import type { Progress } from './progress.js';
import { timelineOf, type Hop, type RingRecord } from './timeline.js';

export const METHOD = 'wechat/wechat_pay/qr';
const AMOUNT_MINOR = '12800';
const WITHIN_MS = 30_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Everything that one payment left behind, as those who may see it see it. */
export type Seen = Readonly<{
  timeline: readonly Hop[];
  merchantAnswer: PaymentView;
  ledger: Readonly<{ entry: unknown; volume: unknown; uniquePayers: unknown }>;
}>;

export type Cast = Readonly<{
  merchant: Merchant;
  payer: Payer;
  operator: Operator;
  /** Every record of one payment, from all topics. */
  recordsOf: (paymentId: string) => Promise<readonly RingRecord[]>;
}>;

/** ¥128.00 on Taobao by a WeChat QR code, from the merchant's request to the ledger. */
export async function payOnce(cast: Cast, progress: Progress, now: Date): Promise<Seen> {
  const { merchant, payer, operator } = cast;
  const requested = await progress.step('merchant asked to be paid, and has an offer', async () => {
    const payment = await merchant.request({
      orderReference: `demo-${now.getTime()}`,
      minor: AMOUNT_MINOR,
    });
    if (payment.offer === undefined) throw new Error(`no offer came: ${JSON.stringify(payment)}`);
    return { ...payment, offer: payment.offer };
  });
  const attempt = await progress.step(`payer chose ${METHOD}, and is shown a code`, () =>
    merchant.choose(requested.paymentId, requested.offer.number, METHOD),
  );
  await progress.step('payer scanned the code and paid at the sandbox', () =>
    payer.scanAndPay(codeOf(attempt)),
  );
  const merchantAnswer = await progress.step('merchant sees it paid', () =>
    merchant.seeUntil(requested.paymentId, 'paid', WITHIN_MS),
  );
  const ledger = await progress.step('ledger booked it', async () => ({
    entry: await operator.entryOf(attempt.attemptId, WITHIN_MS),
    volume: await operator.volumes(),
    uniquePayers: await operator.uniquePayers(dayOf(now)),
  }));
  const timeline = timelineOf(await cast.recordsOf(requested.paymentId));
  return { timeline, merchantAnswer, ledger };
}

/** A payment that waits for a person, and the page on which to pay it. */
export async function offerOne({ merchant, payer }: Cast, now: Date): Promise<URL> {
  const payment = await merchant.request({
    orderReference: `by-hand-${now.getTime()}`,
    minor: AMOUNT_MINOR,
  });
  const attempt = await merchant.choose(payment.paymentId, payment.offer?.number ?? 1, METHOD);
  return payer.pageFor(codeOf(attempt));
}

function codeOf(attempt: { action?: { content?: string } }): string {
  const content = attempt.action?.content;
  if (content === undefined) throw new Error(`no code to scan came: ${JSON.stringify(attempt)}`);
  return content;
}

/** The Beijing day of a moment as a range of the ledger's days: from, and to without it. */
function dayOf(now: Date): { from: string; to: string } {
  const beijing = now.getTime() + 8 * 60 * 60 * 1000;
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return { from: day(beijing), to: day(beijing + DAY_MS) };
}
