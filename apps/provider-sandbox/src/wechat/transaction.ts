import type { Money } from '@hutong/money';
import { beijingDay, beijingTime } from '../clock/beijing-time.js';
import type { Order } from './order.js';

const STATE_TEXTS = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  REFUND: '转入退款',
  CLOSED: '订单已关闭',
} as const satisfies Record<Order['state'] | 'REFUND', string>;

/**
 * WeChat's number for a payment: 28 digits with the Beijing day in the middle.
 * @param salt five digits. @param count of this world's payments, so that no two are the same.
 */
export const transactionIdOf = (paidAt: Date, salt: string, count: number): string =>
  `42000${salt}${beijingDay(paidAt)}${count.toString().padStart(10, '0')}`;

/**
 * What a query answers and a notification carries. `transaction_id`, `trade_type` and everything
 * about the payer are absent until the order is paid.
 * @param extraFen added to what is told, never to the books: the fault `wrong_amount`.
 */
export function transactionOf(order: Order, extraFen = 0): Record<string, unknown> {
  const { terms } = order;
  const total = fenOf(order.state === 'SUCCESS' ? order.payment.amount : terms.amount) + extraFen;
  const state = tradeStateOf(order);
  const common = {
    mchid: terms.mchid,
    appid: terms.appid,
    out_trade_no: terms.outTradeNo,
    trade_state: state,
    trade_state_desc: STATE_TEXTS[state],
    attach: terms.attach ?? '',
  };
  if (order.state !== 'SUCCESS') {
    return { ...common, amount: { total, currency: 'CNY' }, payer: {}, promotion_detail: [] };
  }
  const { payment } = order;
  return {
    ...common,
    transaction_id: payment.transactionId,
    trade_type: terms.tradeType,
    bank_type: 'OTHERS',
    success_time: beijingTime(payment.paidAt),
    payer: { openid: payment.openid },
    amount: { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' },
    promotion_detail: [],
  };
}

/** A payment of which anything was refunded is in REFUND from then on, however little it was. */
const tradeStateOf = (order: Order): keyof typeof STATE_TEXTS =>
  order.state === 'SUCCESS' && order.refunds.length > 0 ? 'REFUND' : order.state;

/** WeChat's JSON writes fen as a number; every amount in the books was read from such a number. */
export function fenOf(amount: Money): number {
  const fen = Number(amount.minor);
  if (!Number.isSafeInteger(fen)) throw new RangeError('more fen than a JSON number can say');
  return fen;
}
