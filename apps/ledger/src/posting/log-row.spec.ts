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

describe('an outcome that moved money', () => {
  const merchant = 'merchant:taobao:m-1:CNY';
  const surplus = 'surplus:wechat:CNY';
  it.each<{ outcome: PaymentOutcome; fee: bigint; dir: number; credit: string }>`
    outcome               | fee     | dir   | credit
    ${aPaymentPaid()}     | ${128n} | ${1}  | ${merchant}
    ${aPaymentRefunded()} | ${128n} | ${-1} | ${merchant}
    ${aSurplusTaken()}    | ${0n}   | ${1}  | ${surplus}
    ${aSurplusRefunded()} | ${0n}   | ${-1} | ${surplus}
  `('$outcome.type is an entry of $credit', ({ outcome, fee, dir, credit }) => {
    expect(rowOf(outcome)).toMatchObject({
      kind: 'entry',
      entry: { fee: money(fee, 'CNY') },
      row: {
        debit: 'clearing:wechat:taobao:CNY',
        credit,
        dir,
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
  it.each<{ outcome: PaymentOutcome; reason: keyof typeof reasonCode; scope: object }>`
    outcome                                           | reason         | scope
    ${aPaymentAttemptFailed({ reason: 'limit' })}     | ${'limit'}     | ${LEAF}
    ${aPaymentAttemptClosed({ reason: 'cancelled' })} | ${'cancelled'} | ${LEAF}
    ${aPaymentRefundFailed({ reason: 'rejected' })}   | ${'rejected'}  | ${LEAF}
    ${aPaymentClosed({ reason: 'expired' })}          | ${'expired'}   | ${none}
  `('$outcome.type is counted as $reason', ({ outcome, reason, scope }) => {
    const code = outcomeCode[outcome.type];
    const row = { kind: 'outcome', scope, code, occurredAt: at, reason: reasonCode[reason] };
    expect(rowOf(outcome)).toEqual({ kind: 'outcome', row });
  });
});
