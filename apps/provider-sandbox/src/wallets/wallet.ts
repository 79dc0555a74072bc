/** Whose app somebody pays with. A bank's app names its bank: `bank_app:0105`. */
export type Wallet = 'wechat_pay' | 'alipay' | 'cloud_quickpass' | `bank_app:${string}`;

export const isWallet = (text: string): text is Wallet =>
  /^(wechat_pay|alipay|cloud_quickpass|bank_app:[0-9A-Za-z]{1,16})$/.test(text);

/** Cloud QuickPass and the banks' apps: their codes and their payments are UnionPay's. */
export const isOfUnionPay = (wallet: Wallet): boolean =>
  wallet === 'cloud_quickpass' || wallet.startsWith('bank_app:');
