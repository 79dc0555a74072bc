import { describe, expect, it } from '@jest/globals';
import { formOf, type Form } from '@hutong/form';
import { money } from '@hutong/money';
import { toNotification } from './alipay.notices.js';
import { recorded } from './recorded.examples.js';

const { told, refunded } = recorded.orders;
const formIn = (body: string): Form => formOf(new TextEncoder().encode(body)) ?? {};
const paid = formIn(told.notice.body);
const ofRefund = formIn(refunded.refund?.notice.body ?? '');
const refundNumber = refunded.refund?.refundId;
const payee = { app_id: recorded.portal.appId, seller_id: recorded.portal.sellerId };
const about = { notificationId: paid['notify_id'], orderNumber: told.attemptId };

describe('a notification', () => {
  it.each(['TRADE_SUCCESS', 'TRADE_FINISHED'])('of %s tells that an order was paid', (status) => {
    expect(toNotification({ ...paid, trade_status: status })).toEqual({
      kind: 'succeeded',
      ...about,
      payee,
      paid: {
        providerRef: paid['trade_no'],
        instrument: 'alipay',
        amount: money(12_800n, 'CNY'),
        paidAt: new Date('2026-11-24T08:02:00.000Z'),
      },
    });
  });

  it('of a payment that does not say whose app paid leaves it to what was asked for', () => {
    const told = toNotification({ ...paid, fund_bill_list: '' });
    expect(told.kind === 'succeeded' && told.paid).not.toHaveProperty('instrument');
  });

  it.each(['TRADE_SUCCESS', 'TRADE_CLOSED'])('of a refund in %s is a reason to ask', (status) => {
    expect(toNotification({ ...ofRefund, trade_status: status })).toEqual({
      kind: 'hint',
      notificationId: ofRefund['notify_id'],
      orderNumber: refunded.attemptId,
      refundNumber,
    });
  });

  it.each(['WAIT_BUYER_PAY', 'TRADE_CLOSED'])('of %s is a reason to ask', (status) => {
    expect(toNotification({ ...paid, trade_status: status })).toEqual({ kind: 'hint', ...about });
  });

  it('is of a payment where its refund fields say nothing', () => {
    expect(toNotification({ ...paid, refund_fee: '0.00' })).toMatchObject({ kind: 'succeeded' });
  });

  it.each<[what: string, form: Form, odd: object]>([
    [
      'of another kind',
      { ...paid, notify_type: 'open_app_auth_notify' },
      { reason: 'event_unsupported' },
    ],
    [
      'without an order',
      { ...paid, out_trade_no: '' },
      { reason: 'notice_unreadable', orderNumber: undefined },
    ],
    [
      'without who takes the money',
      { ...paid, seller_id: '' },
      { reason: 'notice_unreadable', orderNumber: told.attemptId },
    ],
    [
      'without an app',
      { ...paid, app_id: '' },
      { reason: 'notice_unreadable', orderNumber: told.attemptId },
    ],
    [
      'with a number of its own that is too long',
      { ...paid, trade_no: '2'.repeat(65) },
      { reason: 'notice_unreadable', orderNumber: told.attemptId },
    ],
    [
      'of an amount that is none',
      { ...paid, total_amount: '1.001' },
      { reason: 'notice_unreadable' },
    ],
    ['of no amount', { ...paid, total_amount: '0x10' }, { reason: 'notice_unreadable' }],
    [
      'of a status that nobody knows',
      { ...paid, trade_status: 'TRADE_PENDING' },
      { reason: 'state_unexpected', orderNumber: told.attemptId },
    ],
    [
      'of no time',
      { ...paid, gmt_payment: '' },
      { reason: 'paid_without_details', orderNumber: told.attemptId },
    ],
    [
      'of a refund without a number',
      { ...ofRefund, out_biz_no: '' },
      { reason: 'refund_not_ours', orderNumber: refunded.attemptId },
    ],
    [
      'of a refund under somebody else’s number',
      { ...ofRefund, out_biz_no: 'R-1' },
      { reason: 'refund_not_ours', orderNumber: refunded.attemptId },
    ],
  ])('%s is kept aside', (_, form, odd) => {
    expect(toNotification(form)).toMatchObject({ kind: 'odd', ...odd });
  });

  it.each(['', '通知', 'a b', 'x'.repeat(129)])(
    'without a name of its own (%p) is the same in each try, and never another',
    (notify_id) => {
      const named = (form: Form) => {
        const told = toNotification({ ...form, notify_id });
        return told.kind === 'unverified' ? undefined : told.notificationId;
      };
      expect(named(paid)).toMatch(/^[0-9a-f]{64}$/);
      expect(named(paid)).toBe(named(paid));
      expect(named(ofRefund)).not.toBe(named(paid));
    },
  );

  it('keeps nothing of the payer', () => {
    const payer = { buyer_id: '2088000000000009', buyer_logon_id: 'pay***@example.com' };
    const said = JSON.stringify(toNotification({ ...paid, ...payer }), (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    expect(said).not.toMatch(/2088000000000009|pay\*/);
  });
});
