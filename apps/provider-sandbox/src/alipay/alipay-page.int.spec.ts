import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorld, type World } from '../world.examples.js';
import { AlipayMerchant, aNumber } from './alipay-merchant.examples.js';

let world: World;
let merchant: AlipayMerchant;

beforeAll(async () => {
  world = await startWorld();
  merchant = await AlipayMerchant.of(world);
});
afterAll(() => world[Symbol.asyncDispose]());

const opened = async (path: string) => {
  const answer = await fetch(new URL(path, world.controlUrl));
  return {
    status: answer.status,
    url: answer.url,
    headers: answer.headers,
    text: await answer.text(),
  };
};

const scanned = (what: string) => opened(`/alipay/open?what=${encodeURIComponent(what)}`);
const numberIn = (url: string): string => new URL(url).searchParams.get('trade_no') ?? '';

/** What a browser does: posts the form and follows to what comes next. */
const press = async (tradeNo: string, over: object = {}, headers: Record<string, string> = {}) => {
  const choice = { trade_no: tradeNo, wallet: 'alipay', action: 'pay', ...over };
  const body = new URLSearchParams({ ...choice });
  const answer = await fetch(`${world.controlUrl}/alipay/pay`, { method: 'POST', body, headers });
  return { status: answer.status, text: await answer.text() };
};

const stateOf = async (outTradeNo: string) => (await merchant.query(outTradeNo)).node;

describe("Alipay's page", () => {
  it('leads from the list to scanning a code, which makes a trade of it, and to paying', async () => {
    const number = aNumber();
    await merchant.precreate(number, { subject: 'A <b>bold tea' });
    const index = await opened('/alipay');
    expect(index.text).toContain('A &lt;b&gt;bold tea');
    expect(index.text).not.toContain('<b>bold');
    expect(await stateOf(number)).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' });

    const link = /href="(\/alipay\/open[^"]+)"/.exec(index.text)?.[1] ?? '';
    const cashier = await opened(link.replaceAll('&amp;', '&'));
    expect(cashier.text).toContain('<h1>A &lt;b&gt;bold tea</h1>');
    expect(cashier.text).toContain('¥128.00');
    expect(await stateOf(number)).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' });

    const declined = await press(numberIn(cashier.url), { action: 'decline' });
    expect(declined.text).toContain('Not paid.');
    expect((await press(numberIn(cashier.url))).text).toContain('Paid.');
    expect((await press(numberIn(cashier.url))).text).toContain('Paid.');
    expect(await stateOf(number)).toMatchObject({ trade_status: 'TRADE_SUCCESS' });
    expect((await opened('/alipay')).text).toContain('Nothing is waiting');
  });

  it('opens a browser’s address, and leads it back with what was paid, signed', async () => {
    const number = aNumber();
    const parameters = { return_url: 'https://shop.example/back?order=1' };
    const cashier = await opened(merchant.pageUrl('page', number, {}, { parameters }));
    expect(cashier.url).toContain('/alipay/cashier?trade_no=');
    expect(cashier.text).not.toContain('shop.example');
    const paid = await press(numberIn(cashier.url));
    const link = /href="(https:\/\/shop\.example[^"]+)"/.exec(paid.text)?.[1] ?? '';
    const query = new URL(link.replaceAll('&amp;', '&')).searchParams;
    expect(query.get('order')).toBe('1');
    query.delete('order'); // the merchant's own
    const { isAlipays, said } = merchant.read(query.toString());
    expect(isAlipays).toBe(true);
    expect(said).toMatchObject({
      method: 'alipay.trade.page.pay.return',
      out_trade_no: number,
      total_amount: '128.00',
      seller_id: merchant.account.sellerId,
    });
  });

  it('opens what an app was given, and nothing that its merchant did not sign', async () => {
    const good = await scanned(merchant.orderString(aNumber()));
    expect(good.text).toContain('¥128.00');
    const resaid = { biz_content: '{}' };
    const forged = await scanned(merchant.orderString(aNumber(), {}, { resaid }));
    expect(forged.status).toBe(422);
    expect(forged.text).toContain('Alipay does not open');
  });

  it('says an error to a browser in GBK, as Alipay does, under 200', async () => {
    const url = merchant.pageUrl('page', aNumber(), {}, { resaid: { return_url: 'x' } });
    const answer = await fetch(url, { redirect: 'manual' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html;charset=GBK');
    const text = new TextDecoder('gbk', { fatal: true }).decode(await answer.arrayBuffer());
    expect(text).toContain('错误代码 isv.invalid-signature');
  });

  it('says when a code is dead or unknown, and when an order is closed', async () => {
    const number = aNumber();
    const code = await merchant.codeOf(number);
    const cashier = await scanned(code);
    await merchant.close(number);
    expect((await press(numberIn(cashier.url))).text).toContain('Closed.');
    const dead = await merchant.codeOf(aNumber());
    await world.control('POST', '/control/clock', { advanceMs: 2 * 3_600_000 });
    expect((await scanned(dead)).status).toBe(410);
    expect((await scanned('https://qr.alipay.com/none')).status).toBe(404);
    expect((await opened('/alipay/cashier?trade_no=1234567890123456')).status).toBe(404);
  });

  it('shows other apps only where the merchant agreed', async () => {
    const cashier = await scanned(await merchant.codeOf(aNumber()));
    expect(cashier.text).not.toContain('cloud_quickpass');
    const agree = { account: 'taobao', takesUnionpay: true };
    await world.control('POST', '/control/alipay/interoperability', agree);
    expect((await opened(cashier.url)).text).toContain('cloud_quickpass');
    const paid = await press(numberIn(cashier.url), { wallet: 'cloud_quickpass' });
    expect(paid.text).toContain('Paid.');
    await world.control('POST', '/control/alipay/interoperability', {
      ...agree,
      takesUnionpay: false,
    });
  });

  it('runs no script, and takes no form from another site', async () => {
    const cashier = await scanned(await merchant.codeOf(aNumber()));
    expect(cashier.headers.get('content-security-policy')).toContain("default-src 'none'");
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect((await press(numberIn(cashier.url), {}, foreign)).status).toBe(403);
    expect((await press(numberIn(cashier.url), { wallet: 'paypal' })).status).toBe(422);
    expect((await press(numberIn(cashier.url), { action: 'steal' })).status).toBe(400);
  });
});
