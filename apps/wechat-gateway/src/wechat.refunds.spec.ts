import { describe, expect, it } from '@jest/globals';
import type { RefundedOrder, RequestedRefund } from '@hutong/gateway';
import { money } from '@hutong/money';
import { after, AMOUNT, aProviderRef, aRefundRequested } from '@hutong/testing';
import { toRefundOrder, toRefundReport, type RefundSaid } from './wechat.refunds.js';

const account = { notifyUrl: 'https://pay.example/notifications/taobao' };
const order: RefundedOrder = {
  paid: { providerRef: aProviderRef(), instrument: 'wechat_pay', amount: AMOUNT, paidAt: after(2) },
  fields: { mchid: '1900000001', appid: 'wx8888888888888888', presentation: 'qr' },
};
const aRefund = (said: Partial<RequestedRefund> = {}): RequestedRefund => ({
  ...aRefundRequested({ amount: money(2_800n, 'CNY') }),
  account: 'taobao',
  ...said,
});

describe('a refund in WeChat’s words', () => {
  it('names the payment, its own number, both amounts, and where to tell of it', () => {
    const refund = aRefund({ reason: '少了一包' });
    const made = toRefundOrder(refund, order, account);
    if (!made.ok) throw new Error(made.refusal.code);
    expect(JSON.parse(new TextDecoder().decode(made.value.body))).toEqual({
      transaction_id: order.paid.providerRef,
      out_refund_no: refund.refundId,
      reason: '少了一包',
      notify_url: account.notifyUrl,
      amount: { refund: 2_800, total: 12_800, currency: 'CNY' },
    });
    expect(made.value).toMatchObject({
      refundId: refund.refundId,
      attemptId: refund.attemptId,
      account: 'taobao',
      fields: { mchid: '1900000001' },
    });
    expect(toRefundOrder(refund, order, account)).toEqual(made);
  });

  type Row = Readonly<{
    what: string;
    amount: RequestedRefund['amount'];
    code: string | undefined;
  }>;
  it.each<Row>([
    { what: 'one fen', amount: money(1n, 'CNY'), code: undefined },
    { what: 'nothing', amount: money(0n, 'CNY'), code: 'amount_unsupported' },
    { what: 'all of it', amount: AMOUNT, code: undefined },
    { what: 'a fen more', amount: money(12_801n, 'CNY'), code: 'amount_unsupported' },
    { what: 'dollars', amount: money(1n, 'USD'), code: 'amount_unsupported' },
  ])('of $what is refused as $code', ({ amount, code }) => {
    const made = toRefundOrder(aRefund({ amount }), order, account);
    expect(made.ok ? undefined : made.refusal.code).toBe(code);
  });

  it('is of what was paid, whatever had been asked for', () => {
    const less = { ...order, paid: { ...order.paid, amount: money(100n, 'CNY') } };
    const made = toRefundOrder(aRefund({ amount: money(100n, 'CNY') }), less, account);
    if (!made.ok) throw new Error(made.refusal.code);
    expect(JSON.parse(new TextDecoder().decode(made.value.body))).toMatchObject({
      amount: { refund: 100, total: 100 },
    });
  });
});

describe('what WeChat says of a refund', () => {
  const said: RefundSaid = {
    refund_id: '50300001820261124000000000001',
    success_time: '2026-11-24T16:02:00+08:00',
    amount: { refund: 2_800, total: 12_800, currency: 'CNY' },
  };
  const odd = { kind: 'unknown', cause: 'refunded_without_details' };

  // A new status adds a row: here first, then in the code.
  type Row = Readonly<{ what: string; status: string; said: RefundSaid; report: object }>;
  it.each<Row>([
    {
      what: 'SUCCESS',
      status: 'SUCCESS',
      said,
      report: {
        kind: 'succeeded',
        providerRef: said.refund_id,
        amount: money(2_800n, 'CNY'),
        refundedAt: after(2),
      },
    },
    { what: 'PROCESSING', status: 'PROCESSING', said, report: { kind: 'pending' } },
    {
      what: 'ABNORMAL',
      status: 'ABNORMAL',
      said,
      report: { kind: 'pending', stuck: 'refund_abnormal' },
    },
    { what: 'CLOSED', status: 'CLOSED', said, report: { kind: 'failed', reason: 'declined' } },
    {
      what: 'a status nobody has seen',
      status: 'DONE',
      said,
      report: { kind: 'unknown', cause: 'state_unknown' },
    },
    {
      what: 'SUCCESS without a time',
      status: 'SUCCESS',
      said: { refund_id: said.refund_id, amount: said.amount },
      report: odd,
    },
    {
      what: 'SUCCESS with a number that is none',
      status: 'SUCCESS',
      said: { ...said, refund_id: 'a b' },
      report: odd,
    },
    {
      what: 'SUCCESS in no currency of ours',
      status: 'SUCCESS',
      said: { ...said, amount: { ...said.amount, currency: 'XXX' } },
      report: odd,
    },
  ])('$what', ({ status, said: told, report }) => {
    expect(toRefundReport(told, status)).toEqual(report);
  });
});
