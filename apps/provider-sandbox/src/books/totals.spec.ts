import { describe, expect, it } from '@jest/globals';
import { money } from '@hutong/money';
import { totalsOf, totalsView, type Moved } from './totals.js';
import { Withdrawals } from './withdrawals.js';

const cny = (minor: bigint) => money(minor, 'CNY');
const order: Moved = {
  taken: cny(12_800n),
  refunds: [
    { amount: cny(1n), stands: 'arrived' },
    { amount: cny(20n), stands: 'under_way' },
    { amount: cny(300n), stands: 'given_up' },
  ],
};

describe('the totals of an account', () => {
  it('count every order, and of the money what moved or may still', () => {
    expect(totalsOf([order, undefined, { taken: cny(5n), refunds: [] }], cny(0n))).toEqual({
      orders: 3,
      payments: 2,
      captured: cny(12_805n),
      refunds: 3,
      refunded: cny(1n),
      refunding: cny(20n),
      kept: cny(12_784n),
    });
  });

  it('are nothing before anything happened', () => {
    const wire = { currency: 'CNY', minor: '0' };
    const nothing = { captured: wire, refunded: wire, refunding: wire, kept: wire };
    const counts = { orders: 0, payments: 0, refunds: 0 };
    expect(totalsView(totalsOf([], cny(0n)))).toEqual({ ...counts, ...nothing });
  });
});

describe('what was withdrawn', () => {
  it('cannot be given back, and what comes in afterwards can', () => {
    const withdrawals = new Withdrawals();
    expect(withdrawals.leftOf('taobao', cny(100n))).toEqual(cny(100n));
    withdrawals.takeAll('taobao', cny(100n));
    expect(withdrawals.leftOf('taobao', cny(100n))).toEqual(cny(0n));
    expect(withdrawals.leftOf('taobao', cny(90n))).toEqual(cny(0n));
    expect(withdrawals.leftOf('taobao', cny(130n))).toEqual(cny(30n));
    expect(withdrawals.leftOf('jd', cny(100n))).toEqual(cny(100n));
  });
});
