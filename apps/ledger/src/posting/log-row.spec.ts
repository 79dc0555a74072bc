import { describe, expect, it } from '@jest/globals';
import type { PaymentOutcome } from '@hutong/domain-events';
import { money } from '@hutong/money';
import {
  aPaymentAttemptClosed,
  aPaymentAttemptFailed,
  aPaymentClosed,
  aPaymentPaid,
  aPaymentRefunded,
  aPaymentRefundFailed,
  aSurplusRefunded,
  aSurplusTaken,
  someAttemptFacts,
  somePaymentFacts,
} from '@hutong/testing';
import { ANY, outcomeCode, reasonCode } from './codes.js';
import type { ContractRate } from './contract-rates.js';
import { dayOf } from './day.js';
import { logRowOf } from './log-row.js';
import { uuidOf } from './order-ref.js';

const at = new Date('2026-11-24T08:02:00.000Z');
const dayBefore = new Date('2026-11-23T15:59:59.000Z');
const rates: readonly ContractRate[] = [
  { provider: 'wechat', from: dayOf(new Date('2020-01-01T00:00:00.000Z')), feeBps: 60 },
  { provider: 'wechat', from: dayOf(at), feeBps: 100 },
];
const rowOf = (outcome: PaymentOutcome) => logRowOf(outcome, at, rates);
const LEAF = { platform: 'taobao', provider: 1, instrument: 1, presentation: 1 };
const taken = { dir: 1, debit: 'clearing:wechat:taobao:CNY' } as const;

describe('an outcome that moved money', () => {
  it.each<[PaymentOutcome, bigint, object]>([
    [aPaymentPaid(), 128n, { ...taken, credit: 'merchant:taobao:m-1:CNY' }],
    [aPaymentRefunded(), 128n, { ...taken, credit: 'merchant:taobao:m-1:CNY', dir: -1 }],
    [aSurplusTaken(), 0n, { ...taken, credit: 'surplus:wechat:CNY' }],
    [aSurplusRefunded(), 0n, { ...taken, credit: 'surplus:wechat:CNY', dir: -1 }],
  ])('$type is an entry', (outcome, fee, expected) => {
    expect(rowOf(outcome)).toMatchObject({
      kind: 'entry',
      entry: { fee: money(fee, 'CNY') },
      row: {
        ...expected,
        scope: LEAF,
        code: outcomeCode[outcome.type],
        occurredAt: at,
        gross: 12_800n,
        ccy: 156,
        payerKey: outcome.payment.payerKey,
      },
    });
  });

  it('bears the number under which the provider knows it', () => {
    const attempt = someAttemptFacts();
    const refunded = aPaymentRefunded({ attempt });
    const ref = { orderRef: uuidOf(attempt.attemptId) };
    expect(rowOf(aPaymentPaid({ attempt }))).toMatchObject({ row: ref });
    expect(rowOf(aSurplusTaken({ attempt }))).toMatchObject({ row: ref });
    expect(rowOf(refunded)).toMatchObject({ row: { orderRef: uuidOf(refunded.refundId) } });
  });

  it('costs what the contract said when it was asked for, and so does its refund', () => {
    const payment = somePaymentFacts({ requestedAt: dayBefore });
    for (const outcome of [aPaymentPaid({ payment }), aPaymentRefunded({ payment })]) {
      expect(rowOf(outcome)).toMatchObject({ entry: { fee: money(77n, 'CNY') } });
    }
  });

  it('with nothing in it cannot be booked', () => {
    const nothing = aPaymentPaid({ amount: money(0n, 'CNY') });
    expect(rowOf(nothing)).toEqual({ kind: 'unbookable', reason: 'no money in a money outcome' });
  });
});

describe('an outcome that moved none', () => {
  const none = { ...LEAF, provider: ANY, instrument: ANY, presentation: ANY };
  it.each<[PaymentOutcome, number, object]>([
    [aPaymentAttemptFailed({ reason: 'limit' }), reasonCode.limit, LEAF],
    [aPaymentAttemptClosed({ reason: 'cancelled' }), reasonCode.cancelled, LEAF],
    [aPaymentRefundFailed({ reason: 'rejected' }), reasonCode.rejected, LEAF],
    [aPaymentClosed({ reason: 'expired' }), reasonCode.expired, none],
  ])('$type is counted with its reason', (outcome, reason, scope) => {
    const row = { kind: 'outcome', scope, code: outcomeCode[outcome.type], occurredAt: at, reason };
    expect(rowOf(outcome)).toEqual({ kind: 'outcome', row });
  });
});
