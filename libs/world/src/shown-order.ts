import { PROVIDERS, type Provider } from '@hutong/domain-events';

/** What a shop shows its payer, as far as somebody can pay by it. */
export type Shown = Readonly<{
  content?: string;
  url?: string;
  parameters?: Readonly<Record<string, string>>;
}>;

/** An order as the sandbox is told which one is meant: by what its payer has of it, and nothing else. */
export type PointedAt = Readonly<{ provider: Provider; pointer: object }>;

/** By what each provider's orders are known, and what that is called in the sandbox's control API. */
const KNOWN_BY: Readonly<Record<Provider, (shown: Shown) => object | undefined>> = {
  wechat: ({ content, url, parameters }) =>
    (content?.startsWith('weixin://') && { codeUrl: content }) ||
    (url !== undefined && new URL(url).pathname === '/h5' && { h5Url: url }) ||
    (parameters?.['package'] !== undefined && { parameters }) ||
    undefined,
  alipay: ({ content, url, parameters }) =>
    (content?.startsWith('https://qr.alipay.com/') && { qrCode: content }) ||
    (url !== undefined && isOfAlipay(url) && { url }) ||
    (parameters?.['orderString'] !== undefined && { orderString: parameters['orderString'] }) ||
    undefined,
  unionpay: ({ content, url, parameters }) =>
    (content?.startsWith('https://qr.95516.com/') && { qrCode: content }) ||
    (url !== undefined && isCashierOfUnionpay(url) && { tn: codeIn(url) }) ||
    (parameters?.['tn'] !== undefined && { tn: parameters['tn'] }) ||
    undefined,
};

/** Undefined where nothing of it is an order of any provider's. */
export function pointedAt(shown: Shown): PointedAt | undefined {
  for (const provider of PROVIDERS) {
    const pointer = KNOWN_BY[provider](shown);
    if (pointer !== undefined) return { provider, pointer };
  }
  return undefined;
}

const isOfAlipay = (url: string): boolean =>
  new URL(url).searchParams.get('method')?.startsWith('alipay.trade.') === true;

/** Where UnionPay has led a browser that came with an order's form. */
const isCashierOfUnionpay = (url: string): boolean => new URL(url).pathname === '/unionpay/pay';

const codeIn = (url: string): string | null => new URL(url).searchParams.get('code');
