import { randomUUID } from 'node:crypto';
import type { TopicProbe } from '@hutong/messaging';
import type { Merchant, Operator, Payer, PaymentView, Ring } from '@hutong/world';

/** Where bad input is tried: a whole ring, which has to be as it was afterwards. */
export type Target = Readonly<{
  ring: Ring;
  probe: TopicProbe;
  merchant: Merchant;
  payer: Payer;
  operator: Operator;
}>;

/** On a machine that does much else beside. */
export const WITHIN_MS = 30_000;
const QR = 'wechat/wechat_pay/qr';

/** A payment of ¥128.00 that waits for a choice. */
export const offered = ({ merchant }: Target): Promise<PaymentView> =>
  merchant.request({ orderReference: randomUUID(), minor: '12800' });

/** Goes all the way round with it: chosen, scanned, paid, booked to the fen. @throws Error if it does not get there. */
export async function payAndBook(
  { merchant, payer, operator }: Target,
  { paymentId, offer }: PaymentView,
): Promise<PaymentView> {
  const attempt = await merchant.choose(paymentId, offer?.number ?? 0, QR);
  await payer.scanAndPay(attempt.action?.content ?? '');
  const paid = await merchant.seeUntil(paymentId, 'paid', WITHIN_MS);
  const booked = await operator.entriesOf(attempt.attemptId, WITHIN_MS);
  const whole = booked.length === 1 && booked[0]?.gross.minor === '12800' && booked[0].sum === '0';
  if (!whole) throw new Error(`not booked once and whole: ${JSON.stringify(booked)}`);
  return paid;
}
