import { describe, expect, it } from '@jest/globals';
import { formOf, type Form } from '@hutong/form';
import { money } from '@hutong/money';
import { after } from '@hutong/testing';
import { recorded, type Recorded } from './recorded.examples.js';
import { toNotification } from './unionpay.notices.js';

const { vectors, orders, portal } = recorded;
const formIn = ({ body }: Recorded): Form => formOf(new TextEncoder().encode(body)) ?? {};
const paid = formIn(vectors.notice);
const undone = formIn(vectors.undoNotice);
const payee = { merId: portal.merId, txnTime: '20261124160000' };
const about = { notificationId: `${paid['queryId']}-01`, orderNumber: vectors.orderNumber };

describe('a notification', () => {
  const succeeded = {
    kind: 'succeeded',
    ...about,
    payee,
    paid: {
      providerRef: paid['queryId'],
      amount: money(12_800n, 'CNY'),
      paidAt: after(2),
    },
  };

  it('tells who took what for which order, and when', () => {
    expect(toNotification(paid)).toEqual(succeeded);
  });

  it('tells whose app paid, where it says so', () => {
    expect(toNotification(formIn(vectors.noticeByBank))).toMatchObject({
      kind: 'succeeded',
      paid: { instrument: 'bank_app:0105' },
    });
  });

  it('of a success with a defect is one, and says so: money moved', () => {
    expect(toNotification(formIn(vectors.noticeWithDefect))).toEqual({
      ...succeeded,
      paid: { ...succeeded.paid, defect: 'code_a6' },
    });
    expect(toNotification({ ...undone, respCode: 'A6' })).toMatchObject({
      kind: 'refund',
      report: { kind: 'succeeded', defect: 'code_a6' },
    });
  });

  it('of what came too late is a success that says so', () => {
    expect(toNotification({ ...paid, respCode: '42' })).toEqual({
      ...succeeded,
      paid: { ...succeeded.paid, late: true },
    });
  });

  it.each<[what: string, form: Form, refundNumber: string | undefined]>([
    ['an undo', undone, undone['orderId']],
    [
      'a refund',
      formIn(orders.refunded.refund?.notice ?? vectors.notice),
      orders.refunded.refund?.refundId,
    ],
  ])('of %s is of our own number', (_, form, refundNumber) => {
    const amount = money(BigInt(form['txnAmt'] ?? ''), 'CNY');
    const refundedAt = new Date('2026-11-24T08:02:30.000Z');
    expect(toNotification(form)).toEqual({
      kind: 'refund',
      notificationId: `${form['queryId']}-${form['txnType']}`,
      refundNumber,
      payee: { merId: portal.merId, txnTime: '20261124160200' },
      amount,
      report: { kind: 'succeeded', providerRef: form['queryId'], amount, refundedAt },
    });
  });

  it.each(['03', '05', '01', '64', 'ZZ'])('of a payment in %s is a reason to ask', (respCode) => {
    expect(toNotification({ ...paid, respCode })).toEqual({ kind: 'hint', ...about });
  });

  it.each<[what: string, form: Form, odd: object]>([
    ['of another kind', { ...paid, txnType: '76' }, { reason: 'event_unsupported' }],
    [
      'without a number of UnionPay’s',
      { ...paid, queryId: '' },
      { reason: 'paid_without_details', orderNumber: vectors.orderNumber },
    ],
    ['without an order', { ...paid, orderId: '' }, { reason: 'notice_unreadable' }],
    [
      'of no merchant',
      { ...paid, merId: '1' },
      { reason: 'notice_unreadable', orderNumber: vectors.orderNumber },
    ],
    [
      'of an amount that is none',
      { ...paid, txnAmt: '1.28' },
      { reason: 'paid_without_details', orderNumber: vectors.orderNumber },
    ],
    [
      'of a negative amount',
      { ...paid, txnAmt: '-1' },
      { reason: 'paid_without_details', orderNumber: vectors.orderNumber },
    ],
    [
      'without an amount',
      { ...paid, txnAmt: '' },
      { reason: 'paid_without_details', orderNumber: vectors.orderNumber },
    ],
    [
      'in dollars',
      { ...paid, currencyCode: '840' },
      { reason: 'paid_without_details', orderNumber: vectors.orderNumber },
    ],
    [
      'of no time',
      { ...paid, traceTime: '1324160200' },
      { reason: 'paid_without_details', orderNumber: vectors.orderNumber },
    ],
    [
      'of a refund that failed',
      { ...undone, respCode: '01' },
      { reason: 'refund_without_success' },
    ],
    ['of a refund under way', { ...undone, respCode: '05' }, { reason: 'refund_without_success' }],
    ['of a refund of nothing', { ...undone, txnAmt: '' }, { reason: 'refund_without_success' }],
  ])('%s is kept aside', (_, form, odd) => {
    expect(toNotification(form)).toMatchObject({ kind: 'odd', ...odd });
  });

  it('is read without what it says oddly of what may be missing', () => {
    for (const reserved of ['x'.repeat(2_049), '{', '{payApp=', '\n']) {
      expect(toNotification({ ...paid, reserved })).toEqual(succeeded);
    }
  });

  it('that cannot be read has a name of its own, the same in each try', () => {
    const id = (form: Form) => {
      const told = toNotification(form);
      return 'notificationId' in told ? told.notificationId : undefined;
    };
    const odd = { ...paid, merId: '1' };
    expect(id(odd)).toMatch(/^[0-9a-f]{64}$/);
    expect(id({ ...odd, signature: 'again' })).toBe(id(odd));
    expect(id({ ...odd, orderId: '01KQ0000000000000000000000' })).not.toBe(id(odd));
    expect(id({ ...paid, queryId: '' })).not.toBe(id({ ...paid, queryId: '', txnAmt: '1' }));
  });

  it('keeps nothing of the payer', () => {
    const said = JSON.stringify(
      toNotification({ ...paid, accNo: '6222021234567890123', customerInfo: 'e30=' }),
      (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    );
    expect(said).not.toMatch(/62220212|e30=/);
  });
});
