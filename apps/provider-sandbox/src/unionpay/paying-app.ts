import { isOfUnionPay, type Wallet } from '../wallets/wallet.js';

/** Whose app may pay here: UnionPay's own and the banks', and Alipay's where the merchant agreed. */
export type PayingApp = Exclude<Wallet, 'wechat_pay'>;

export const isPayingApp = (wallet: Wallet): wallet is PayingApp =>
  isOfUnionPay(wallet) || wallet === 'alipay';

/**
 * How answers and notifications say whose app it was. UnionPay's public documents do not: this is the
 * sandbox's own convention, in the field that they leave for agreements with a merchant.
 */
export function reservedOf(app: PayingApp): string {
  if (app === 'alipay') return '{payApp=ALIPAY}';
  if (app === 'cloud_quickpass') return '{payApp=UPAY}';
  return `{payApp=BANK&issInsCode=${app.slice('bank_app:'.length)}}`;
}
