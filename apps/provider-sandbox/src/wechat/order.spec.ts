import { describe, expect, it } from '@jest/globals';
import { money } from '@hutong/money';
import {
  close,
  decline,
  isAlive,
  openOrder,
  pay,
  payLate,
  placeAgain,
  settle,
  type Order,
  type Terms,
} from './order.js';

const AT = new Date('2026-11-24T08:00:00.000Z');
const CREATED_MS = AT.getTime();
const DEADLINE_MS = CREATED_MS + 900_000;
const CODE_DEADLINE_MS = CREATED_MS + 600_000;

const terms: Terms = {
  mchid: '1900000001',
  appid: 'wx0000000000000001',
  outTradeNo: '01JD0000000000000000000001',
  tradeType: 'NATIVE',
  description: 'tea',
  attach: undefined,
  amount: money(12_800n, 'CNY'),
  notifyUrl: 'http://127.0.0.1/notifications',
  openid: undefined,
  asked: '{"same":1}',
};
const code = { text: 'weixin://wxpay/bizpayurl?pr=one', deadlineMs: CODE_DEADLINE_MS };
const newCode = { text: 'weixin://wxpay/bizpayurl?pr=two', deadlineMs: CODE_DEADLINE_MS };
const payment = { transactionId: '4200000001', openid: 'o-friend', paidAt: AT, paidMs: CREATED_MS };
const atMs = (orderMs: number) => ({ at: AT, orderMs });

const open = openOrder(terms, code, { at: AT, deadlineMs: DEADLINE_MS });
const orders: Record<string, Order> = {
  NOTPAY: open,
  SUCCESS: valueOf(pay(open, payment)),
  CLOSED: valueOf(close(open)),
};

function valueOf<T>(result: { ok: true; value: T } | { ok: false; refusal: unknown }): T {
  if (!result.ok) throw new Error('refused');
  return result.value;
}

type Row = Record<'state' | 'same' | 'other' | 'paid' | 'late' | 'declined' | 'closed', string>;

describe('an order', () => {
  it.each<Row>`
    state        | same        | other        | paid         | late         | declined    | closed
    ${'NOTPAY'}  | ${'NOTPAY'} | ${'differs'} | ${'SUCCESS'} | ${'SUCCESS'} | ${'NOTPAY'} | ${'CLOSED'}
    ${'SUCCESS'} | ${'paid'}   | ${'paid'}    | ${'paid'}    | ${'paid'}    | ${'paid'}   | ${'paid'}
    ${'CLOSED'}  | ${'closed'} | ${'closed'}  | ${'closed'}  | ${'SUCCESS'} | ${'closed'} | ${'CLOSED'}
  `('that is $state', ({ state, ...expected }) => {
    const order = orders[state] ?? open;
    const answers = {
      same: placeAgain(order, terms.asked, newCode),
      other: placeAgain(order, '{"same":2}', newCode),
      paid: pay(order, payment),
      late: payLate(order, payment),
      declined: decline(order, 'o-friend'),
      closed: close(order),
    };
    const told = Object.entries(answers).map(([name, answer]) => [
      name,
      answer.ok ? answer.value.state : answer.refusal,
    ]);
    expect(Object.fromEntries(told)).toEqual(expected);
  });

  it.each<{ when: string; after: number; state: string }>`
    when                 | after                   | state
    ${'before it'}       | ${DEADLINE_MS - 1}      | ${'NOTPAY'}
    ${'on the deadline'} | ${DEADLINE_MS}          | ${'CLOSED'}
    ${'long after it'}   | ${DEADLINE_MS + 10_000} | ${'CLOSED'}
  `('is $state $when', ({ after, state }) => {
    expect(settle(open, atMs(after)).state).toBe(state);
  });

  it('says why it is closed', () => {
    expect(settle(open, atMs(DEADLINE_MS))).toMatchObject({ because: 'expired' });
    expect(orders['CLOSED']).toMatchObject({ because: 'asked' });
  });

  it('stays closed for its first reason when closing is asked for again', () => {
    const expired = settle(open, atMs(DEADLINE_MS));
    expect(close(expired)).toEqual({ ok: true, value: expired });
  });

  it('stays paid after its deadline', () => {
    expect(settle(orders['SUCCESS'] ?? open, atMs(DEADLINE_MS)).state).toBe('SUCCESS');
  });

  it('marks money that came after the closing, and only that', () => {
    expect(payLate(orders['CLOSED'] ?? open, payment)).toMatchObject({
      value: { payment: { late: true } },
    });
    expect(payLate(open, payment)).toMatchObject({ value: { payment: { late: false } } });
  });

  it('belongs to the first user of its cashier', () => {
    const bound = valueOf(decline(open, 'o-buyer'));
    expect(pay(bound, payment)).toEqual({ ok: false, refusal: 'other_payer' });
    expect(decline(bound, 'o-friend')).toEqual({ ok: false, refusal: 'other_payer' });
    expect(pay(bound, { ...payment, openid: 'o-buyer' })).toMatchObject({ ok: true });
  });

  it('keeps no code once nobody can use it', () => {
    expect(orders['SUCCESS']).not.toHaveProperty('code');
    expect(orders['CLOSED']).not.toHaveProperty('code');
  });
});

describe('a code', () => {
  it('dies when a newer one is made', () => {
    const again = valueOf(placeAgain(open, terms.asked, newCode));
    expect(isAlive(again, code.text, atMs(CREATED_MS))).toBe(false);
    expect(isAlive(again, newCode.text, atMs(CREATED_MS))).toBe(true);
  });

  it('dies of age while its order lives', () => {
    expect(isAlive(open, code.text, atMs(CODE_DEADLINE_MS - 1))).toBe(true);
    expect(isAlive(open, code.text, atMs(CODE_DEADLINE_MS))).toBe(false);
  });
});
