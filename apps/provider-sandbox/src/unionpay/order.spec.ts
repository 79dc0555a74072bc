import { describe, expect, it } from '@jest/globals';
import { money } from '@hutong/money';
import { openOrder, pay, settle, standingOf, tryInVain, type Order, type Way } from './order.js';

const AT = new Date('2026-11-24T08:00:00.000Z');
const MS = AT.getTime();
const amount = money(12_800n, 'CNY');
const terms = {
  merId: '777290058110048',
  orderId: '01JD0000000000000000000001',
  txnTime: '20261124160000',
  bizType: '000000',
  amount,
  backUrl: 'http://127.0.0.1/n',
  frontUrl: undefined,
  reqReserved: undefined,
  signature: 'c2lnbmF0dXJl',
};
const aPayment = (code: '00' | 'A6' = '00') => ({
  trace: { queryId: '202611241600000000010', traceNo: '000001', at: AT },
  paidMs: MS,
  amount,
  app: 'cloud_quickpass' as const,
  code,
  late: false,
});
const opened = (way: Way) =>
  openOrder({ ...terms, way }, { at: AT, deadlineMs: MS + 1_000, opensBy: 'tn' });
const made = (order: Order, move: (order: Order) => { ok: boolean; value?: Order }): Order =>
  move(order).value ?? order;
const declined = (order: Order) => made(order, (each) => tryInVain(each, '64'));
const late = (order: Order) => settle(order, { at: AT, orderMs: MS + 1_000 });
const paid = (order: Order) => made(order, (each) => pay(each, aPayment()));

const orders = {
  'a new front order': opened('app'),
  'an opened front order': made(opened('app'), (order) => tryInVain(order, '70')),
  'a declined front order': declined(opened('app')),
  'an expired front order': late(opened('qr')),
  'a declined front order that expired': late(declined(opened('page'))),
  'a paid order': paid(opened('app')),
  'a code that was read': opened('barcode'),
  'a code that waits for its payer': made(opened('barcode'), (order) => tryInVain(order, '70')),
  'a code that was declined': declined(opened('barcode')),
  'a code that expired': late(opened('barcode')),
} as const;

type Row = { order: keyof typeof orders; standing: string | undefined } & Record<
  'paying' | 'payingLate' | 'declining',
  string
>;

describe('an order', () => {
  // Standing is origRespCode; `undefined` is respCode 34.
  it.each<Row>`
    order                                    | standing     | paying        | payingLate | declining
    ${'a new front order'}                   | ${undefined} | ${'00'}       | ${'00'}    | ${'open'}
    ${'an opened front order'}               | ${'70'}      | ${'00'}       | ${'00'}    | ${'open'}
    ${'a declined front order'}              | ${'64'}      | ${'00'}       | ${'00'}    | ${'open'}
    ${'an expired front order'}              | ${undefined} | ${'expired'}  | ${'42'}    | ${'expired'}
    ${'a declined front order that expired'} | ${'64'}      | ${'expired'}  | ${'42'}    | ${'expired'}
    ${'a paid order'}                        | ${'00'}      | ${'paid'}     | ${'paid'}  | ${'paid'}
    ${'a code that was read'}                | ${'05'}      | ${'00'}       | ${'00'}    | ${'declined'}
    ${'a code that waits for its payer'}     | ${'70'}      | ${'00'}       | ${'00'}    | ${'declined'}
    ${'a code that was declined'}            | ${'64'}      | ${'declined'} | ${'42'}    | ${'declined'}
    ${'a code that expired'}                 | ${undefined} | ${'expired'}  | ${'42'}    | ${'expired'}
  `('that is $order', ({ order, ...expected }) => {
    const before = orders[order];
    const paying = (isLate: boolean) => {
      const done = pay(before, { ...aPayment(), late: isLate });
      return done.ok ? done.value.payment.code : done.refusal;
    };
    const declining = tryInVain(before, '64');
    expect({
      standing: standingOf(before),
      paying: paying(false),
      payingLate: paying(true),
      declining: declining.ok ? declining.value.state : declining.refusal,
    }).toEqual(expected);
  });

  it('is payable to the last millisecond', () => {
    expect(settle(opened('app'), { at: AT, orderMs: MS + 999 }).state).toBe('open');
  });

  it('may be paid with a defect', () => {
    expect(standingOf(made(opened('app'), (order) => pay(order, aPayment('A6'))))).toBe('A6');
  });
});
