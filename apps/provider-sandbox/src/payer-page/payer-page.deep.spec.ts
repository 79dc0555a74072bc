import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { runWhere } from '@hutong/testing';
import type { Page } from 'playwright-core';
import { missingBrowser, Telephone } from '../browser.examples.js';
import { aNumber, jsonOf, Merchant } from '../merchant.examples.js';
import { startWorld, type World } from '../world.examples.js';

const opened = new AsyncDisposableStack();
let world: World;
let merchant: Merchant;
let telephone: Telephone;

beforeAll(async () => {
  telephone = opened.use(await Telephone.open());
  world = opened.use(await startWorld());
  merchant = new Merchant(world.wechatPort, world.taobao);
}, 90_000);
afterEach(() => {
  expect(telephone.complaints.splice(0)).toEqual([]);
});
afterAll(() => opened.disposeAsync());

const home = () => telephone.goTo(world.controlUrl);
const made = async (type: string, more: object = {}) => {
  const number = aNumber();
  const answer = jsonOf(await merchant.create(type, number, more));
  return { number, answer };
};
const tap = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).tap();
/** Waits for the page that a button leads to. */
const says = (page: Page, text: RegExp) =>
  page.getByRole('status').filter({ hasText: text }).waitFor();
const PAID = /^\s*Paid\./;
/** Whether all of it can be read without moving sideways. */
const fits = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth');

runWhere(describe, missingBrowser())('on a telephone', () => {
  it('a QR code is scanned and paid', async () => {
    const { number, answer } = await made('native', { description: '龙'.repeat(127) });
    const page = await home();
    expect(await fits(page)).toBe(true);
    await page.getByLabel('What a QR code says').fill(String(answer['code_url']));
    await tap(page, 'Scan');
    await page.getByText('¥128.00', { exact: true }).waitFor();
    expect(await fits(page)).toBe(true);
    const box = await page.getByRole('button', { name: 'Pay ¥128.00' }).boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(44); // a finger's breadth
    await tap(page, 'Pay ¥128.00');
    await says(page, PAID);
    expect(await world.order(number)).toMatchObject({ state: 'SUCCESS' });
    await page.reload();
    await says(page, PAID);
  });

  it('an order is found in the list, declined, left, and paid after all', async () => {
    const description = 'tea <b>&</b> "cups"';
    const { number } = await made('native', { description });
    const page = await home();
    await page.getByRole('link', { name: description }).tap();
    await tap(page, 'Decline');
    await says(page, /Not paid\./);
    await tap(page, 'Leave');
    await says(page, /You left without paying\./);
    expect(await world.order(number)).toMatchObject({ state: 'NOTPAY', declines: 1 });
    await tap(page, /^Pay/);
    await says(page, PAID);
  });

  it('a browser comes from the merchant and finds back', async () => {
    const scene_info = { payer_client_ip: '127.0.0.1', h5_info: { type: 'Wap' } };
    const { number, answer } = await made('h5', { scene_info });
    const back = `${world.controlUrl}/?order=1&from=2`;
    const page = await telephone.goTo(
      `${String(answer['h5_url'])}&redirect_url=${encodeURIComponent(back)}`,
    );
    await tap(page, /^Pay/);
    await says(page, PAID);
    expect(await world.order(number)).toMatchObject({ state: 'SUCCESS', tradeType: 'MWEB' });
    await page.getByRole('link', { name: 'Back to the merchant' }).tap();
    await page.waitForURL(back);
  });

  it.each([
    ['an app', 'app', {}, (id: string) => merchant.appParameters(id)],
    [
      'a mini program',
      'jsapi',
      { payer: { openid: 'o-buyer' } },
      (id: string) => merchant.miniProgramParameters(id),
    ],
  ])(
    '%s opens WeChat with what its merchant signed, and not with anything else',
    async (...row) => {
      const [, type, more, signed] = row;
      const { number, answer } = await made(type, more);
      const parameters = signed(String(answer['prepay_id']));
      const open = async (given: object) => {
        const page = await home();
        await page
          .getByLabel(/What an app or a mini program was given/)
          .fill(JSON.stringify(given));
        await tap(page, 'Open WeChat');
        return page;
      };
      const forged = 'sign' in parameters ? { sign: 'AAAA' } : { paySign: 'AAAA' };
      const refused = await open({ ...parameters, ...forged });
      expect(await refused.getByRole('alert').innerText()).toBe('sign_wrong');
      telephone.complaints.length = 0; // the browser says aloud that the page came with 422
      const page = await open(parameters);
      await tap(page, /^Pay/);
      await says(page, PAID);
      expect(await world.order(number)).toMatchObject({ state: 'SUCCESS' });
    },
  );

  it('says when an order is closed, or its code too old', async () => {
    const { number, answer } = await made('native');
    const code = encodeURIComponent(String(answer['code_url']));
    await merchant.codeOf(number);
    const page = await telephone.goTo(`${world.controlUrl}/pay?code_url=${code}`);
    await says(page, /no longer valid/);
    await merchant.close(number);
    await page.reload();
    await says(page, /Closed\./);
    expect(await page.getByRole('button').count()).toBe(0);
  });
});
