/** What a person with a phone does: scans a code and presses pay, or says no. Plays through the sandbox. */
export class Payer {
  constructor(private readonly sandbox: URL) {}

  /** Pays what a QR code asks for. */
  scanAndPay(codeUrl: string): Promise<void> {
    return this.press('/control/wechat/pay', codeUrl);
  }

  /** The page on which a person presses the button. */
  pageFor(codeUrl: string): URL {
    const page = new URL('/pay', this.sandbox);
    page.searchParams.set('code_url', codeUrl);
    return page;
  }

  private async press(path: string, codeUrl: string): Promise<void> {
    const answer = await fetch(new URL(path, this.sandbox), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ codeUrl }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}: ${text}`);
  }
}
