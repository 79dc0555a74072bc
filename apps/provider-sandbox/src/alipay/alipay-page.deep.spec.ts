import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { runWhere } from '@hutong/testing';
import type { Page } from 'playwright-core';
import { missingBrowser, Telephone } from '../browser.examples.js';
import { aNumber } from './alipay-merchant.examples.js';
import { AlipayWorld } from './alipay-world.examples.js';

const opened = new AsyncDisposableStack();
let world: AlipayWorld;
let telephone: Telephone;

const tap = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).tap();
/** Waits for the page that a button leads to. */
const says = (page: Page, text: RegExp) =>
  page.getByRole('status').filter({ hasText: text }).waitFor();
const fits = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth');
const stateOf = async (outTradeNo: string) =>
  (await world.merchant.query(outTradeNo)).node['trade_status'];

runWhere(describe, missingBrowser())("on a telephone, at Alipay's", () => {
  beforeAll(async () => {
    telephone = opened.use(await Telephone.open());
    world = opened.use(await AlipayWorld.start());
  }, 90_000);
  afterEach(() => {
    expect(telephone.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => opened.disposeAsync());

  it.each(['page', 'wap'] as const)(
    'a browser is sent to pay by a %s address, and finds back',
    async (kind) => {
      const number = aNumber();
      const back = `${world.world.controlUrl}/alipay`;
      const parameters = { return_url: back };
      const over = { subject: '龙'.repeat(256) };
      const page = await telephone.goTo(world.merchant.pageUrl(kind, number, over, { parameters }));
      expect(await fits(page)).toBe(true);
      await tap(page, 'Decline');
      await says(page, /Not paid\./);
      await tap(page, 'Pay ¥128.00');
      await says(page, /^\s*Paid\./);
      expect(await stateOf(number)).toBe('TRADE_SUCCESS');
      await page.reload();
      await page.getByRole('link', { name: 'Back to the merchant' }).tap();
      await page.waitForURL(/\/alipay\?.*sign=/);
    },
  );

  it('an order is found in the list, and paid with another app where its merchant agreed', async () => {
    const number = aNumber();
    await world.control('interoperability', { account: 'taobao', takesUnionpay: true });
    await world.merchant.precreate(number, { subject: 'tea <b> "cups"' });
    const page = await telephone.goTo(world.world.controlUrl);
    await page.getByRole('link', { name: 'Alipay' }).tap();
    await page.getByRole('link', { name: 'tea <b> "cups"' }).tap();
    const button = page.getByRole('button', { name: /^Pay/ });
    expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44); // a finger's breadth
    await page.getByLabel('With').selectOption('cloud_quickpass');
    await button.tap();
    await says(page, /^\s*Paid\./);
    expect(await world.order(number)).toMatchObject({ wallet: 'cloud_quickpass' });
  });

  it('a code is scanned, and what an app was given is opened', async () => {
    const [scanned, given] = [aNumber(), aNumber()];
    for (const [number, what] of [
      [scanned, await world.merchant.codeOf(scanned)],
      [given, world.merchant.orderString(given)],
    ] as const) {
      const page = await telephone.goTo(`${world.world.controlUrl}/alipay`);
      await page.getByLabel(/What a QR code says/).fill(what);
      await tap(page, 'Open Alipay');
      await tap(page, /^Pay/);
      await says(page, /^\s*Paid\./);
      expect(await stateOf(number)).toBe('TRADE_SUCCESS');
    }
  });
});
