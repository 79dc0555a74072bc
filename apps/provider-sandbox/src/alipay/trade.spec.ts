import { describe, expect, it } from '@jest/globals';
import { money } from '@hutong/money';
import type { Refund } from './refund.js';
import {
  close,
  decline,
  offerOf,
  openTrade,
  pay,
  placeAgain,
  settle,
  statusOf,
  withRefund,
  type KnownTrade,
  type Offer,
  type Payment,
  type Terms,
} from './trade.js';

const AT = new Date('2026-11-24T08:00:00.000Z');
const MS = AT.getTime();
const DAY_MS = 86_400_000;
const cny = (minor: bigint) => money(minor, 'CNY');

const terms: Terms = {
  sellerId: '2088000000000001',
  appId: '2021000000000001',
  outTradeNo: '01JE0000000000000000000001',
  product: 'precreate',
  subject: 'tea',
  body: undefined,
  amount: cny(1_000n),
  passbackParams: undefined,
  notifyUrl: 'http://127.0.0.1/n',
  keys: 'public_key',
  returnUrl: undefined,
  asked: 'precreate {}',
};
const payment: Payment = {
  payer: { wallet: 'alipay', buyerId: '2088' },
  paidAt: AT,
  paidMs: MS,
  amount: cny(1_000n),
  late: false,
};
const until = { at: AT, deadlineMs: MS + 1_000 };

const offer = offerOf(
  terms,
  { text: 'https://qr.alipay.com/a', shareCode: '￥a￥', deadlineMs: MS + 500 },
  until,
);
const waiting = openTrade(terms, '42', until);
const paid = valueOf(pay(waiting, payment));
const closed = valueOf(close(waiting, 'asked', AT));
const trades = { waiting, paid, closed };

function valueOf<T>(result: Readonly<{ ok: true; value: T } | { ok: false; refusal: unknown }>): T {
  if (!result.ok) throw new Error('refused');
  return result.value;
}

type Answer =
  | Readonly<{ ok: true; value: Readonly<{ state: string }> }>
  | Readonly<{ ok: false; refusal: unknown }>;
const said = (answer: Answer) => (answer.ok ? answer.value.state : answer.refusal);

describe('a trade', () => {
  it.each<{ state: keyof typeof trades } & Record<string, string>>`
    state        | again        | paid        | paidLate  | declined     | closed
    ${'waiting'} | ${'WAITING'} | ${'PAID'}   | ${'PAID'} | ${'WAITING'} | ${'CLOSED'}
    ${'paid'}    | ${'paid'}    | ${'paid'}   | ${'paid'} | ${'paid'}    | ${'not_waiting'}
    ${'closed'}  | ${'closed'}  | ${'closed'} | ${'PAID'} | ${'closed'}  | ${'not_waiting'}
  `('that is $state', ({ state, ...expected }) => {
    const trade: KnownTrade = trades[state];
    expect({
      again: said(placeAgain(trade, terms.asked)),
      paid: said(pay(trade, payment)),
      paidLate: said(pay(trade, { ...payment, late: true })),
      declined: said(decline(trade)),
      closed: said(close(trade, 'asked', AT)),
    }).toEqual(expected);
  });

  it('asked for again in other words is refused, offered or waiting', () => {
    for (const order of [offer, waiting]) {
      expect(said(placeAgain(order, 'precreate {"a":1}'))).toBe('differs');
      expect(said(placeAgain(order, terms.asked))).toBe(order.state);
    }
  });

  it('was late only if it had been closed before', () => {
    const late = { ...payment, late: true };
    expect(valueOf(pay(waiting, late)).payment.late).toBe(false);
    expect(valueOf(pay(closed, late)).payment.late).toBe(true);
  });

  it('is closed at its deadline and not a moment before; an offer leaves none behind', () => {
    expect(settle(waiting, { at: AT, orderMs: MS + 999 })).toBe(waiting);
    expect(settle(waiting, { at: AT, orderMs: MS + 1_000 })).toMatchObject({ because: 'expired' });
    const unseen: Offer = offer;
    expect(settle(unseen, { at: AT, orderMs: MS + DAY_MS })).toBe(unseen);
  });
});

const aRefund = (minor: bigint, status: Refund['status'] = 'SUCCESS'): Refund => {
  const base = {
    outRequestNo: `R${minor}`,
    amount: cny(minor),
    reason: undefined,
    createdAt: AT,
    gapMs: MS,
  };
  return status === 'SUCCESS' ? { ...base, status, at: AT } : { ...base, status };
};

describe('the status that Alipay tells', () => {
  const with_ = (...refunds: readonly Refund[]) => refunds.reduce(withRefund, paid);
  it.each<[string, KnownTrade, number, string]>([
    ['of a trade that waits', waiting, 0, 'WAIT_BUYER_PAY'],
    ['of one never paid', closed, 0, 'TRADE_CLOSED'],
    ['of one paid', paid, 0, 'TRADE_SUCCESS'],
    ['a year later', paid, 365 * DAY_MS, 'TRADE_SUCCESS'],
    ['a moment after that', paid, 365 * DAY_MS + 1, 'TRADE_FINISHED'],
    ['with a part given back', with_(aRefund(999n)), 0, 'TRADE_SUCCESS'],
    ['with all of it given back', with_(aRefund(999n), aRefund(1n)), 0, 'TRADE_CLOSED'],
    ['with all of it on its way', with_(aRefund(1_000n, 'PENDING')), 0, 'TRADE_SUCCESS'],
    ['with all of it tried', with_(aRefund(1_000n, 'FAILED')), 0, 'TRADE_SUCCESS'],
  ])('%s', (_, trade, laterMs, status) => {
    expect(statusOf(trade, { at: AT, orderMs: MS + laterMs })).toBe(status);
  });

  it('is of the refund as it is now, not as it began', () => {
    const [moved, ...others] = with_(aRefund(5n, 'PENDING'), aRefund(5n)).refunds;
    expect(moved).toMatchObject({ status: 'SUCCESS' });
    expect(others).toEqual([]);
  });
});
