import { describe, expect, it } from '@jest/globals';
import { merchantId, payerKey, paymentId, platformId } from '@hutong/domain-events';
import { money } from '@hutong/money';
import { requestPayment, type Asking, type Order } from './request-payment.js';

const now = new Date('2023-11-24T02:00:00.000Z');
const after = (ms: number) => new Date(now.getTime() + ms);
const DAY_MS = 86_400_000;

const order: Order = {
  orderReference: 'order-1',
  merchantId: merchantId('tea-house'),
  amount: money(1n, 'CNY'),
  description: 'Longjing tea',
  channel: 'web',
  payer: { hasBoundCard: 'no', hasBalance: 'unknown' },
};
const asking: Asking = {
  paymentId: paymentId('018bff2c-0000-7000-8000-000000000001'),
  platform: platformId('taobao'),
  payerKey: payerKey('0123456789abcdef0123456789abcdef'),
  now,
};

describe('asking to be paid', () => {
  it.each([
    ['nothing', { amount: money(0n, 'CNY') }, 'amount_not_positive'],
    ['a fen', {}, 'ok'],
    ['less than 5 seconds', { expiresAt: after(4_999) }, 'expires_too_soon'],
    ['5 seconds', { expiresAt: after(5_000) }, 'ok'],
    ['7 days', { expiresAt: after(7 * DAY_MS) }, 'ok'],
    ['more than 7 days', { expiresAt: after(7 * DAY_MS + 1) }, 'expires_too_late'],
  ])('%s: %p answers %s', (_, over, expected) => {
    const asked = requestPayment({ ...order, ...over }, asking);
    expect(asked.ok ? 'ok' : asked.refusal.code).toBe(expected);
  });

  it('lives 15 minutes unless it says otherwise', () => {
    const asked = requestPayment(order, asking);
    expect(asked).toMatchObject({ value: { payment: { expiresAt: after(900_000) } } });
  });

  it('freezes what is known of the payer in the event, and keeps it nowhere else', () => {
    const asked = requestPayment(order, asking);
    expect(asked).toMatchObject({
      value: {
        event: { type: 'payment.requested', requestedAt: now, payer: order.payer },
        payment: { status: 'requested', orderReference: 'order-1', requestedAt: now },
      },
    });
    expect(asked.ok && 'payer' in asked.value.payment).toBe(false);
    expect(asked.ok && 'orderReference' in asked.value.event).toBe(false);
  });
});
