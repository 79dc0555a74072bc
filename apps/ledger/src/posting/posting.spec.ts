import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  attemptId,
  merchantId,
  payerKey,
  paymentId,
  platformId,
  PRESENTATIONS,
  PROVIDERS,
  providerRef,
  refundId,
} from '@hutong/domain-events';
import { money, zero } from '@hutong/money';
import { accountName, accountRef } from './accounts.js';
import { post, signedMinor, type Entry, type MoneyOutcome } from './posting.js';

const at = new Date('2024-11-11T04:00:00.000Z');
const yuan = (minor: bigint) => money(minor, 'CNY');
const facts = {
  paymentId: paymentId('01931a7e-8c00-7000-8000-000000000001'),
  payment: {
    platform: platformId('taobao'),
    merchantId: merchantId('tea-house'),
    payerKey: payerKey('0123456789abcdef0123456789abcdef'),
    requestedAt: at,
  },
  attempt: {
    attemptId: attemptId('01ARZ3NDEKTSV4RRFFQ69G5FAV'),
    provider: 'wechat',
    instrument: 'wechat_pay',
    presentation: 'qr',
    paidByAnother: false,
  },
  amount: yuan(12_800n),
  providerRef: providerRef('4200001'),
  occurredAt: at,
} as const;
const refund = { refundId: refundId('01ARZ3NDEKTSV4RRFFQ69G5FAW') };
const outcomes: Record<MoneyOutcome['type'], MoneyOutcome> = {
  'payment.paid': { type: 'payment.paid', ...facts },
  'payment.refunded': { type: 'payment.refunded', ...facts, ...refund },
  'payment.surplus_taken': { type: 'payment.surplus_taken', ...facts, reason: 'second_success' },
  'payment.surplus_refunded': { type: 'payment.surplus_refunded', ...facts, ...refund },
};
const linesOf = (entry: Entry) =>
  entry.lines.map(({ side, account, amount }) => `${side} ${account.name} ${amount.minor}`);

describe('the entry of', () => {
  it.each<[MoneyOutcome['type'], string[]]>([
    [
      'payment.paid',
      [
        'debit clearing:wechat:taobao 12800',
        'credit merchant:taobao:tea-house 12723',
        'credit fee:wechat 77',
      ],
    ],
    [
      'payment.refunded',
      [
        'credit clearing:wechat:taobao 12800',
        'debit merchant:taobao:tea-house 12723',
        'debit fee:wechat 77',
      ],
    ],
    [
      'payment.surplus_taken',
      ['debit clearing:wechat:taobao 12800', 'credit surplus:wechat 12800'],
    ],
    [
      'payment.surplus_refunded',
      ['credit clearing:wechat:taobao 12800', 'debit surplus:wechat 12800'],
    ],
  ])('%s is %j', (type, lines) => {
    expect(linesOf(post(outcomes[type], yuan(77n)))).toEqual(lines);
  });

  it('a payment without fee has two lines, one that is all fee too', () => {
    const paid = outcomes['payment.paid'];
    expect(linesOf(post(paid, zero(paid.amount)))).toHaveLength(2);
    expect(linesOf(post(paid, paid.amount))).toEqual([
      'debit clearing:wechat:taobao 12800',
      'credit fee:wechat 12800',
    ]);
  });
});

it('an account is stored per currency and shown by its name', () => {
  const { debit } = post(outcomes['payment.paid'], yuan(0n));
  expect(accountRef(debit)).toBe('clearing:wechat:taobao:CNY');
  expect(accountName(accountRef(debit))).toBe(debit.name);
});

describe('for any sequence of outcomes', () => {
  const anyOutcome = fc
    .record({
      type: fc.constantFrom(...Object.values(outcomes)),
      provider: fc.constantFrom(...PROVIDERS),
      presentation: fc.constantFrom(...PRESENTATIONS),
      platform: fc.constantFrom('taobao', 'jd').map(platformId),
      minor: fc.bigInt({ min: 1n, max: 10n ** 17n }),
      currency: fc.constantFrom('CNY', 'HKD', 'USD'),
      feeShare: fc.bigInt({ min: 0n, max: 100n }),
    })
    .map(({ type, provider, presentation, platform, minor, currency, feeShare }) => ({
      outcome: {
        ...type,
        payment: { ...type.payment, platform },
        attempt: { ...type.attempt, provider, presentation },
        amount: money(minor, currency),
      },
      fee: money((minor * feeShare) / 100n, currency),
    }));

  it('each entry is balanced, and its lines are positive', () => {
    fc.assert(
      fc.property(anyOutcome, ({ outcome, fee }) => {
        const { lines } = post(outcome, fee);
        const sum = lines.reduce((total, line) => total + signedMinor(line), 0n);
        return sum === 0n && lines.every((line) => line.amount.minor > 0n);
      }),
    );
  });

  it('what is taken and given back leaves every account at zero', () => {
    fc.assert(
      fc.property(fc.array(anyOutcome, { maxLength: 20 }), (taken) => {
        const balance = new Map<string, bigint>();
        for (const { outcome, fee } of taken) {
          for (const entry of [post(outcome, fee), post(backOf(outcome), fee)]) {
            for (const line of entry.lines) {
              const ref = accountRef(line.account);
              balance.set(ref, (balance.get(ref) ?? 0n) + signedMinor(line));
            }
          }
        }
        return [...balance.values()].every((sum) => sum === 0n);
      }),
    );
  });
});

/** The outcome that undoes another one. */
function backOf(outcome: MoneyOutcome): MoneyOutcome {
  switch (outcome.type) {
    case 'payment.paid':
      return { ...outcome, ...refund, type: 'payment.refunded' };
    case 'payment.refunded':
      return { ...outcome, type: 'payment.paid' };
    case 'payment.surplus_taken':
      return { ...outcome, ...refund, type: 'payment.surplus_refunded' };
    case 'payment.surplus_refunded':
      return { ...outcome, type: 'payment.surplus_taken', reason: 'after_close' };
  }
}
