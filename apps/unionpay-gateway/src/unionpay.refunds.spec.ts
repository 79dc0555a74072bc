import { describe, expect, it } from '@jest/globals';
import type { RefundedOrder, RequestedRefund } from '@hutong/gateway';
import { money } from '@hutong/money';
import { after, AMOUNT, aRefundRequested } from '@hutong/testing';
import { providerRef } from '@hutong/domain-events';
import { formOf } from '@hutong/form';
import { toRefundOrder } from './unionpay.refunds.js';
import { fromBeijing } from './unionpay.time.js';

const notifyUrl = 'https://pay.example/notifications/taobao';
const queryId = '202611241600000000018';
const paidOn = (digits: string): RefundedOrder => ({
  paid: {
    providerRef: providerRef(queryId),
    instrument: 'cloud_quickpass',
    amount: AMOUNT,
    paidAt: at(digits),
  },
  fields: {
    merId: '777290058110048',
    txnTime: '20261124160000',
    bizType: '000201',
    channelType: '07',
  },
});
const at = (digits: string): Date => fromBeijing(digits) ?? new Date(NaN);
const aRefund = (said: Partial<RequestedRefund> = {}): RequestedRefund => ({
  ...aRefundRequested({ amount: AMOUNT }),
  account: 'taobao',
  ...said,
});
const made = (refund: RequestedRefund, order = paidOn('20261124160200'), now = after(30)) =>
  toRefundOrder(refund, order, { notifyUrl, at: now });
const fieldsIn = (of: ReturnType<typeof made>) => (of.ok ? formOf(of.value.body) : undefined);

describe('a refund in UnionPay’s words', () => {
  it('names what was paid, and has a number and a time of its own', () => {
    const refund = aRefund({ amount: money(2_800n, 'CNY'), reason: '少了一包' });
    const order = made(refund);
    expect(fieldsIn(order)).toEqual({
      version: '5.1.0',
      encoding: 'UTF-8',
      signMethod: '01',
      accessType: '0',
      txnType: '04',
      txnSubType: '00',
      bizType: '000201',
      channelType: '07',
      merId: '777290058110048',
      orderId: refund.refundId,
      txnTime: '20261124163000',
      origQryId: queryId,
      txnAmt: '2800',
      backUrl: notifyUrl,
    });
    expect(order.ok && order.value).toMatchObject({
      refundId: refund.refundId,
      attemptId: refund.attemptId,
      account: 'taobao',
      fields: { merId: '777290058110048', txnTime: '20261124163000', txnType: '04' },
    });
    expect(made(refund)).toEqual(order);
  });

  // Undone is what is whole and of the same settlement day, from 23:00 to 23:00 in Beijing.
  it.each<[paid: string, now: string, fen: bigint, txnType: string]>([
    ['20261124160200', '20261124163000', 12_800n, '31'],
    ['20261124160200', '20261124163000', 12_799n, '04'],
    ['20261124160200', '20261124225459', 12_800n, '31'],
    ['20261124160200', '20261124225500', 12_800n, '04'],
    ['20261124160200', '20261124230000', 12_800n, '04'],
    ['20261124160200', '20261125100000', 12_800n, '04'],
    ['20261124225900', '20261124230100', 12_800n, '04'],
    ['20261124230000', '20261125100000', 12_800n, '31'],
    ['20261124230000', '20261124230500', 12_800n, '31'],
    ['20261231233000', '20270101120000', 12_800n, '31'],
    ['20251124160200', '20261124163000', 12_800n, '04'],
  ])('of a payment at %s, asked for at %s, of %p fen is a %s', (paid, now, fen, txnType) => {
    const order = made(aRefund({ amount: money(fen, 'CNY') }), paidOn(paid), at(now));
    expect(fieldsIn(order)).toMatchObject({ txnType, txnAmt: `${fen}` });
  });

  it.each<[failed: RefundedOrder['failed'], txnType: string]>([
    [[{ txnType: '31' }], '04'],
    [[{ txnType: '04' }, { txnType: '31' }], '04'],
    [[{ txnType: '04' }], '31'],
  ])('of all of it on the same day, behind failed %j, is a %s', (failed, txnType) => {
    const order = made(aRefund(), { ...paidOn('20261124160200'), failed });
    expect(fieldsIn(order)).toMatchObject({ txnType });
    expect(order.ok && order.value.fields).toMatchObject({ txnType });
  });

  it.each<[what: string, amount: RequestedRefund['amount'], code: string | undefined]>([
    ['one fen', money(1n, 'CNY'), undefined],
    ['nothing', money(0n, 'CNY'), 'amount_unsupported'],
    ['all of it', AMOUNT, undefined],
    ['a fen more', money(12_801n, 'CNY'), 'amount_unsupported'],
    ['dollars', money(1n, 'USD'), 'amount_unsupported'],
  ])('of %s is refused as %3$s', (_, amount, code) => {
    const order = made(aRefund({ amount }));
    expect(order.ok ? undefined : order.refusal.code).toBe(code);
  });
});
