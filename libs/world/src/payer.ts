import { randomInt } from 'node:crypto';
import type { Instrument, Provider } from '@hutong/domain-events';
import { browse, type Reach } from './browse.js';
import { call } from './call.js';
import { pointedAt, type PointedAt, type Shown } from './shown-order.js';

/** A person's telephone. */
export type Phone = Readonly<{
  /** The app to pay with; if nothing is said, that of whoever takes the money. */
  wallet?: Instrument;
  /** Whose WeChat it is; the sandbox's usual payer if nobody is named. */
  openid?: string;
  /** How its browser reaches an address, if not at that address. */
  reach?: Reach;
}>;

/** What a payer does whose code a shop has read: agrees, lets it wait, or is refused. */
export type Reaction = 'pays' | 'waits' | 'declines';

/** What a person with a phone does: scans a code and presses pay. Plays through the sandbox. */
export class Payer {
  constructor(
    private readonly sandbox: URL,
    private readonly phone: Phone = {},
  ) {}

  /**
   * Pays by whatever a shop shows: a code to scan, an address for the browser, what switches to the app.
   * @throws Refused if it cannot be paid any more, or not with this app.
   */
  async pay(shown: Shown): Promise<void> {
    const { wallet, openid, reach } = this.phone;
    const { provider, pointer } = await opened(shown, reach);
    if (provider === 'wechat' && wallet !== undefined && wallet !== 'wechat_pay') {
      throw new Error(`WeChat Pay takes no money from ${wallet}`);
    }
    const who = provider === 'wechat' ? { openid } : { wallet };
    const body = { ...pointer, ...who };
    await call(this.sandbox, { method: 'POST', path: `/control/${provider}/pay`, body });
  }

  /** Pays what a QR code asks for. @throws Refused as `pay` is. */
  scanAndPay(content: string): Promise<void> {
    return this.pay({ content });
  }

  /** Pays in the app to which a shop's app has switched with these parameters. */
  payInApp(parameters: Readonly<Record<string, string>>): Promise<void> {
    return this.pay({ parameters });
  }

  /** The code that the app shows for a shop to read: for one payment, within a minute. */
  async showCode(then: Reaction = 'pays'): Promise<string> {
    const { wallet } = this.phone;
    if (wallet === undefined) throw new Error('which app shows a code?');
    const provider = ISSUER[wallet.startsWith('bank_app:') ? 'cloud_quickpass' : wallet];
    // No shop of ours can read WeChat's: it only has to look like one.
    if (provider === undefined) return `13${randomInt(1e8, 1e9)}${randomInt(1e6, 1e7)}`;
    const path = `/control/${provider}/codes`;
    const code = await call<Record<string, string>>(this.sandbox, {
      method: 'POST',
      path,
      body: { wallet, then },
    });
    return Object.values(code).join('');
  }

  /** The page on which a person presses the button. */
  pageFor(codeUrl: string): URL {
    const page = new URL('/pay', this.sandbox);
    page.searchParams.set('code_url', codeUrl);
    return page;
  }
}

/** Whose codes an app shows, where the sandbox has such codes. */
const ISSUER: Readonly<Record<string, Provider>> = {
  alipay: 'alipay',
  cloud_quickpass: 'unionpay',
};

/** An address that says nothing by itself is opened in a browser: it leads to the provider's cashier. */
async function opened(shown: Shown, reach?: Reach): Promise<PointedAt> {
  const { url } = shown;
  const order =
    pointedAt(shown) ??
    (url === undefined ? undefined : pointedAt({ url: await browse(url, reach) }));
  if (order === undefined) throw new Error('there is nothing to pay by');
  return order;
}
