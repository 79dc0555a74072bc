import { formatMajor, money, type Money } from '@hutong/money';

/** `128.00`, as Alipay writes it. */
export const yuanOf = (amount: Money): string => formatMajor(amount);

/** @param text digits with at most two decimals, which its wire shape has checked. */
export function amountOf(text: string): Money {
  const [whole = '', fraction = ''] = text.split('.');
  return money(BigInt(`${whole}${fraction.padEnd(2, '0')}`), 'CNY');
}
