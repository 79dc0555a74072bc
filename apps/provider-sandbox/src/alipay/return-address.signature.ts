import type { KeyObject } from 'node:crypto';
import { beijingStamp } from '../clock/beijing-time.js';
import type { AlipayAccount } from './alipay-accounts.adapter.js';
import { noticeContent, signed, SIGN_TYPE } from './alipay.signature.js';
import type { PaidTrade } from './trade.js';
import { yuanOf } from './yuan.js';

/**
 * Where a paid payer's browser is sent back: the merchant's own address with what was paid, signed as a
 * notification is. It is for showing alone.
 * @returns `undefined` if the merchant wants nobody back.
 */
export function returnAddress(
  { terms, tradeNo, payment }: PaidTrade,
  { account, key, now }: Readonly<{ account: AlipayAccount; key: KeyObject; now: Date }>,
): string | undefined {
  if (terms.returnUrl === undefined || !URL.canParse(terms.returnUrl)) return undefined;
  const fields = new Map(
    Object.entries({
      charset: 'utf-8',
      out_trade_no: terms.outTradeNo,
      method: `alipay.trade.${terms.product}.pay.return`,
      total_amount: yuanOf(payment.amount),
      trade_no: tradeNo,
      auth_app_id: account.appId,
      version: '1.0',
      app_id: account.appId,
      sign_type: SIGN_TYPE,
      seller_id: account.sellerId,
      timestamp: beijingStamp(now),
    }),
  );
  const address = new URL(terms.returnUrl);
  for (const [name, value] of fields) address.searchParams.append(name, value);
  address.searchParams.append('sign', signed(noticeContent(fields), key));
  return address.toString();
}
