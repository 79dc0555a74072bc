import { Refused } from '../call.js';
import { look, shownACode, WITHIN_MS, type Seen, type Stage } from './stage.js';

/** Part of a payment goes back, then the rest, and a third refund is refused with this code. */
export async function refundInParts(stage: Stage): Promise<Seen & Readonly<{ third: string }>> {
  const { merchant, payer } = stage;
  const order = { orderReference: 'back-in-parts', minor: '12800' };
  const { paymentId, code } = await shownACode(merchant, order);
  await payer.scanAndPay(code);
  await merchant.seeUntil(paymentId, 'paid', WITHIN_MS);
  await merchant.refund(paymentId, '5000');
  await merchant.seeUntil(paymentId, 'partly_refunded', WITHIN_MS);
  await merchant.refund(paymentId, '7800');
  await merchant.seeUntil(paymentId, 'refunded', WITHIN_MS);
  const third = await codeOfRefusal(merchant.refund(paymentId, '1'));
  return { ...(await look(stage, '¥50.00 back, then ¥78.00', paymentId)), third };
}

async function codeOfRefusal(asked: Promise<object>): Promise<string> {
  try {
    await asked;
  } catch (fault) {
    if (fault instanceof Refused) return `${fault.status} ${fault.code}`;
    throw fault;
  }
  return 'granted';
}
