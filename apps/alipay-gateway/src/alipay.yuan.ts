import { formatMajor, money, type Money } from '@hutong/money';

/** Yuan with two decimals, by its digits: `12800` fen are `128.00`. */
export const yuanOf = (amount: Money): string => formatMajor(amount);

/** ¥ as Alipay writes it: up to twelve digits before the point and at most two behind it, never a float. */
const YUAN = /^(0|[1-9]\d{0,11})(?:\.(\d{1,2}))?$/;

/** @returns undefined if it is no amount of Chinese yuan. */
export function moneyOfYuan(text: string | undefined): Money | undefined {
  const [, yuan, fen = ''] = YUAN.exec(text ?? '') ?? [];
  return yuan === undefined ? undefined : money(BigInt(`${yuan}${fen.padEnd(2, '0')}`), 'CNY');
}
