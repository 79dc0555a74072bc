import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const HOW = 'apt-get install -y chromium';
const LOADED_WITHIN_MS = 20_000;

/** Why there is no browser to try pages in, and what would help; undefined if there is one. */
export const missingBrowser = (): string | undefined =>
  PLACES.some((place) => existsSync(place))
    ? undefined
    : `no Chromium here to try the payer page in: ${HOW} brings one`;

/** A telephone's screen, in the browser that Debian has. */
export class Telephone implements AsyncDisposable {
  /** What the browser complained of: scripts, styles or requests that its policy forbids. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly context: BrowserContext,
  ) {}

  /** @throws Error saying what to install where there is no browser. */
  static async open(): Promise<Telephone> {
    const executablePath = PLACES.find((place) => existsSync(place));
    if (executablePath === undefined) throw new Error(missingBrowser());
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox'], // which needs rights that a container does not give
      timeout: 60_000,
    });
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      deviceScaleFactor: 2,
      isMobile: true,
      hasTouch: true,
      javaScriptEnabled: true,
    });
    context.setDefaultTimeout(LOADED_WITHIN_MS);
    return new Telephone(browser, context);
  }

  async goTo(url: string): Promise<Page> {
    const page = await this.context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    await page.goto(url);
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
  }
}
