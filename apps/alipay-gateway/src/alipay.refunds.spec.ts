import { describe, expect, it } from '@jest/globals';
import { providerRef, refundId } from '@hutong/domain-events';
import type { PreparedRefund, RefundedOrder, RequestedRefund } from '@hutong/gateway';
import { money } from '@hutong/money';
import { aRefundRequested, REQUESTED_AT } from '@hutong/testing';
import { toRefundOrder, toRefundQueryReport, toRefundReport } from './alipay.refunds.js';

const TRADE_NO = '2026112422001400000000000001';
const order: RefundedOrder = {
  paid: {
    providerRef: providerRef(TRADE_NO),
    instrument: 'alipay',
    amount: money(12_800n, 'CNY'),
    paidAt: REQUESTED_AT,
  },
  fields: { app_id: '2021009990000001', seller_id: '2088990000000001', kind: 'page' },
};
const aRefund = (said: Partial<RequestedRefund> = {}): RequestedRefund => ({
  ...aRefundRequested({ amount: money(2_800n, 'CNY') }),
  account: 'taobao',
  ...said,
});
const prepared = (refund: RequestedRefund): PreparedRefund => {
  const made = toRefundOrder(refund, order);
  if (!made.ok) throw new Error(made.refusal.code);
  return made.value;
};
const NOW = new Date('2026-11-24T08:05:09.000Z');
const AT = new Date('2026-11-24T08:05:00.000Z');

describe('a refund in Alipay’s words', () => {
  it('names the trade, itself and its amount', () => {
    const refund = aRefund({ reason: 'too large' });
    const { body, fields } = prepared(refund);
    expect(JSON.parse(new TextDecoder().decode(body))).toEqual({
      trade_no: TRADE_NO,
      out_trade_no: refund.attemptId,
      refund_amount: '28.00',
      out_request_no: refund.refundId,
      refund_reason: 'too large',
    });
    expect(fields).toEqual({
      app_id: '2021009990000001',
      seller_id: '2088990000000001',
      trade_no: TRADE_NO,
      refund_amount: '28.00',
    });
  });

  it.each<[what: string, amount: RequestedRefund['amount']]>([
    ['nothing', money(0n, 'CNY')],
    ['more than was paid', money(12_801n, 'CNY')],
    ['another currency', money(1n, 'HKD')],
  ])('is none of %s', (_, amount) => {
    expect(toRefundOrder(aRefund({ amount }), order)).toEqual({
      ok: false,
      refusal: { code: 'amount_unsupported' },
    });
  });
});

describe('the answer to a refund', () => {
  const refund = prepared(aRefund());
  const said = {
    out_trade_no: refund.attemptId,
    fund_change: 'Y',
    refund_fee: '28.00',
    gmt_refund_pay: '2026-11-24 16:05:00',
  };
  const succeeded = {
    kind: 'succeeded',
    providerRef: refund.refundId,
    amount: money(2_800n, 'CNY'),
    refundedAt: AT,
  };

  it('is a success if this call moved money', () => {
    expect(toRefundReport(said, refund, NOW)).toEqual(succeeded);
  });

  it('is of this refund, though its fee counts those before it', () => {
    expect(toRefundReport({ ...said, refund_fee: '128.00' }, refund, NOW)).toEqual(succeeded);
  });

  it('happened now where it does not say when', () => {
    const { out_trade_no, fund_change, refund_fee } = said;
    expect(toRefundReport({ out_trade_no, fund_change, refund_fee }, refund, NOW)).toEqual({
      ...succeeded,
      refundedAt: NOW,
    });
  });

  it.each<[what: string, more: object, cause: string]>([
    ['moved nothing', { fund_change: 'N' }, 'fund_change_n'],
    ['does not say whether it did', { fund_change: undefined }, 'fund_change_n'],
    ['says so in another way', { fund_change: 'y' }, 'fund_change_n'],
    ['counts less than was asked', { refund_fee: '27.99' }, 'refunded_otherwise'],
  ])('that %s is asked for', (_, more, cause) => {
    expect(toRefundReport({ ...said, ...more }, refund, NOW)).toEqual({ kind: 'unknown', cause });
  });
});

describe('a refund that is asked for', () => {
  const refund = prepared(aRefund());
  const said = {
    out_trade_no: refund.attemptId,
    out_request_no: refund.refundId,
    refund_status: 'REFUND_SUCCESS',
    refund_amount: '28.00',
    gmt_refund_pay: '2026-11-24 16:05:00',
  };

  it.each<[what: string, said: object, report: object]>([
    [
      'was given back',
      said,
      {
        kind: 'succeeded',
        providerRef: refund.refundId,
        amount: money(2_800n, 'CNY'),
        refundedAt: AT,
      },
    ],
    [
      'was given back in another amount',
      { ...said, refund_amount: '27.00' },
      { kind: 'succeeded', amount: money(2_700n, 'CNY') },
    ],
    [
      'was given back at some time',
      { ...said, gmt_refund_pay: undefined },
      { kind: 'succeeded', refundedAt: NOW },
    ],
    ['is not there, or not yet, or failed', {}, { kind: 'not_found' }],
    ['is in no status', { ...said, refund_status: undefined }, { kind: 'not_found' }],
    [
      'is in a status that nobody knows',
      { ...said, refund_status: 'REFUND_PROCESSING' },
      { kind: 'unknown', cause: 'state_unknown' },
    ],
    [
      'is another one',
      { ...said, out_request_no: refundId('01KQ0000000000000000000000') },
      { kind: 'unknown', cause: 'answer_of_other_refund' },
    ],
    [
      'was given back in no amount',
      { ...said, refund_amount: undefined },
      { kind: 'unknown', cause: 'refunded_without_details' },
    ],
  ])('%s', (_, answer, report) => {
    expect(toRefundQueryReport(answer, refund, NOW)).toMatchObject(report);
  });
});
