import type { Wallet } from '../wallets/wallet.js';

/** Which account the money came from, in the fields that Alipay has for it. */
export type FundBill = Readonly<{ amount: string; channel: string; bankCode?: string }>;

/**
 * How answers and notifications say whose app paid. Alipay's public documents do not say how another's
 * app shows: these two channels, and the bank's code with the second, are this sandbox's convention.
 */
export function fundBillOf(wallet: Wallet, amount: string): FundBill {
  if (wallet === 'cloud_quickpass') return { amount, channel: 'UNIONPAY_QUICKPASS' };
  if (wallet.startsWith('bank_app:')) {
    return { amount, channel: 'BANK_APP', bankCode: wallet.slice('bank_app:'.length) };
  }
  return { amount, channel: 'ALIPAYACCOUNT' };
}

/** As answers write it, and as notifications do: the same fields under other names. */
export const inAnswers = ({ amount, channel, bankCode }: FundBill): object => ({
  amount,
  fund_channel: channel,
  ...(bankCode !== undefined && { bank_code: bankCode }),
});

export const inNotices = ({ amount, channel, bankCode }: FundBill): object => ({
  amount,
  fundChannel: channel,
  ...(bankCode !== undefined && { bankCode }),
});
