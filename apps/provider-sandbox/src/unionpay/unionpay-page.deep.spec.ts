import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, runWhere } from '@hutong/testing';
import type { Page } from 'playwright-core';
import { missingBrowser, Telephone } from '../browser.examples.js';
import { startReceiver, type Receiver } from '../receiver.examples.js';
import { startWorld, type World } from '../world.examples.js';
import { aNumber, formIn, timeIn, UnionpayMerchant } from './unionpay-merchant.examples.js';

const opened = new AsyncDisposableStack();
let world: World;
let merchant: UnionpayMerchant;
let shop: Receiver;
let telephone: Telephone;

beforeAll(async () => {
  telephone = opened.use(await Telephone.open());
  world = opened.use(await startWorld());
  shop = opened.use(await startReceiver());
  merchant = await UnionpayMerchant.of(world);
}, 90_000);
afterEach(() => {
  expect(telephone.complaints.splice(0)).toEqual([]);
});
afterAll(() => opened.disposeAsync());

const tap = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).tap();
/** Waits for the page that a button leads to. */
const says = (page: Page, text: RegExp) =>
  page.getByRole('status').filter({ hasText: text }).waitFor();
/** Whether all of it can be read without moving sideways. */
const fits = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth');
const PAID = /^\s*Paid\./;

runWhere(describe, missingBrowser())('on a telephone', () => {
  it('a browser comes from the merchant, pays with a bank’s app, and is posted back', async () => {
    const orderId = aNumber();
    shop.answerWith(200);
    const cashier = await merchant.page(orderId, { frontUrl: shop.url });
    const [, code = ''] = /name="code" value="(\d+)"/.exec(cashier.body) ?? [];
    const page = await telephone.goTo(`${world.controlUrl}/unionpay/pay?code=${code}`);
    expect(await fits(page)).toBe(true);
    await page.getByLabel('With').selectOption('bank_app:0105');
    await tap(page, 'Decline');
    await says(page, /Not paid\./);
    await page.getByLabel('With').selectOption('bank_app:0105');
    await tap(page, 'Pay ¥128.00');
    await says(page, PAID);
    expect(await fits(page)).toBe(true);
    await tap(page, 'Back to the merchant');
    const [notice] = await eventually(() => shop.heard.length > 0 && shop.heard, {
      what: 'the browser at the shop',
    });
    const back = formIn(notice?.body ?? '');
    expect(merchant.verifies(back)).toBe(true);
    expect(back).toMatchObject({ orderId, reserved: '{payApp=BANK&issInsCode=0105}' });
  });

  it('a QR code is scanned, an order found in the list, and one is too late', async () => {
    const { said } = await merchant.qr(aNumber());
    const orderId = aNumber();
    await merchant.app(orderId, { payTimeout: timeIn(60_000) });
    const page = await telephone.goTo(world.controlUrl);
    await page.getByRole('link', { name: 'UnionPay' }).tap();
    await page.getByRole('link', { name: orderId }).waitFor();
    expect(await fits(page)).toBe(true);
    await page.getByLabel(/What a QR code says/).fill(said['qrCode'] ?? '');
    await tap(page, 'Open');
    await tap(page, /^Pay/);
    await says(page, PAID);
    await page.getByRole('link', { name: 'All open orders' }).tap();
    await page.getByRole('link', { name: orderId }).tap();
    await page.getByRole('button', { name: /^Pay/ }).waitFor(); // shown in time
    await world.control('POST', '/control/clock', { advanceMs: 60_000 });
    await tap(page, /^Pay/);
    await says(page, /Too late\./);
    expect(await page.getByRole('button').count()).toBe(0);
  });
});
