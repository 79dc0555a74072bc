import { call } from './call.js';

/** What a person with a phone does: scans a code and presses pay. Plays through the sandbox. */
export class Payer {
  /** @param openid whose WeChat it is; the sandbox's usual payer if nobody is named. */
  constructor(
    private readonly sandbox: URL,
    private readonly openid?: string,
  ) {}

  /** Pays what a QR code asks for. @throws Refused if it cannot be paid any more. */
  scanAndPay(codeUrl: string): Promise<void> {
    return this.pay({ codeUrl });
  }

  /** Pays in the app to which a shop's app has switched with these parameters. */
  payInApp(parameters: Readonly<Record<string, string>>): Promise<void> {
    return this.pay({ parameters });
  }

  /** The page on which a person presses the button. */
  pageFor(codeUrl: string): URL {
    const page = new URL('/pay', this.sandbox);
    page.searchParams.set('code_url', codeUrl);
    return page;
  }

  private async pay(what: object): Promise<void> {
    const body = { ...what, ...(this.openid !== undefined && { openid: this.openid }) };
    await call(this.sandbox, { method: 'POST', path: '/control/wechat/pay', body });
  }
}
