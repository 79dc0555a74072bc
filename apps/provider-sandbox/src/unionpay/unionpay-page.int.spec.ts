import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorld, type World } from '../world.examples.js';
import { aNumber, timeIn, UnionpayMerchant } from './unionpay-merchant.examples.js';

let world: World;
let merchant: UnionpayMerchant;

beforeAll(async () => {
  world = await startWorld();
  merchant = await UnionpayMerchant.of(world);
});
afterAll(() => world[Symbol.asyncDispose]());

const FRONT_URL = 'http://127.0.0.1:9/back?order=1&from=2';
const DUPLICATE = '重复交易[1200000]';
const opened = async (path: string) => {
  const answer = await fetch(`${world.controlUrl}${path}`);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};
/** What a browser does: posts the form and follows to what comes next. */
const press = async (code: string, action: string, more: Record<string, string> = {}) => {
  const { 'sec-fetch-site': from, ...fields } = more;
  const answer = await fetch(`${world.controlUrl}/unionpay/pay`, {
    method: 'POST',
    body: new URLSearchParams({ code, action, wallet: 'cloud_quickpass', ...fields }),
    headers: from === undefined ? {} : { 'sec-fetch-site': from },
  });
  return { status: answer.status, text: await answer.text() };
};
const codeIn = (text: string): string => /name="code" value="(\d{21})"/.exec(text)?.[1] ?? '';
const origOf = async (orderId: string, txnTime: string) => {
  const { said } = await merchant.query(orderId, txnTime);
  return said['origRespCode'] ?? said['respCode'];
};
/** What the form of the page would post back to its merchant. */
const backIn = (text: string) => {
  const unescaped = (value: string) =>
    value
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
  const [, form = ''] = /(<form method="post" action="http[\s\S]*?<\/form>)/.exec(text) ?? [];
  const inputs = form.matchAll(/name="(\w+)" value="([^"]*)"/g);
  return {
    action: unescaped(/action="([^"]+)"/.exec(form)?.[1] ?? ''),
    fields: Object.fromEntries(
      [...inputs].map(([, name = '', value = '']) => [name, unescaped(value)]),
    ),
  };
};

describe('the cashier page', () => {
  it('is where a browser comes from the merchant, pays, and finds back with signed fields', async () => {
    const orderId = aNumber();
    const txnTime = timeIn(0);
    const cashier = await merchant.page(orderId, { txnTime, frontUrl: FRONT_URL });
    expect(cashier.status).toBe(200);
    expect(cashier.body).toContain('¥128.00');
    expect(await origOf(orderId, txnTime)).toBe('34');
    const paid = await press(codeIn(cashier.body), 'pay');
    expect(paid.text).toContain('Paid.');
    expect(await origOf(orderId, txnTime)).toBe('00');
    const back = backIn(paid.text);
    expect(back.action).toBe(FRONT_URL);
    expect(back.fields).toMatchObject({ orderId, respCode: '00', txnAmt: '12800' });
    expect(merchant.verifies(back.fields)).toBe(true);
  });

  it('leaves a declined order payable, and tells a query of it', async () => {
    const orderId = aNumber();
    const txnTime = timeIn(0);
    const { body } = await merchant.page(orderId, { txnTime });
    const code = codeIn(body);
    expect((await press(code, 'decline')).text).toContain('Not paid.');
    expect(await origOf(orderId, txnTime)).toBe('64');
    expect((await press(code, 'leave')).text).toContain('You left without paying.');
    expect(await origOf(orderId, txnTime)).toBe('70');
    expect((await press(code, 'pay')).text).toContain('Paid.');
  });

  it('pays once, however often its button is pressed', async () => {
    const { said } = await merchant.app(aNumber());
    const pressed = await Promise.all([1, 2, 3].map(() => press(said['tn'] ?? '', 'pay')));
    const transactions = pressed.map(({ text }) => /Transaction\s+(\d+)/.exec(text)?.[1]);
    expect(new Set(transactions).size).toBe(1);
    expect(transactions[0]).toMatch(/^\d{21}$/);
  });

  it('lets the payer choose the app, Alipay’s only where the merchant agreed', async () => {
    const qr = async () => (await merchant.qr(aNumber())).said['qrCode'] ?? '';
    const code = await qr();
    const path = `/unionpay/pay?code=${encodeURIComponent(code)}`;
    expect((await opened(path)).text).not.toContain('<option>alipay</option>');
    await press(code, 'pay', { wallet: 'alipay' });
    expect((await opened(path)).text).not.toContain('Paid.');
    const agreed = { account: 'taobao', takesAlipay: true };
    await world.control('POST', '/control/unionpay/interoperability', agreed);
    expect((await opened(path)).text).toContain('<option>alipay</option>');
    expect((await press(code, 'pay', { wallet: 'alipay' })).text).toContain('Paid.');
    expect((await press(await qr(), 'pay', { wallet: 'wechat_pay' })).status).toBe(422);
  });

  it('lists what is waiting, and what waits for an answer in a shop', async () => {
    const orderId = aNumber();
    const shown = { then: 'waits' };
    const { json } = await world.control('POST', '/control/unionpay/codes', shown);
    await merchant.barcode(orderId, (json as { qrNo: string }).qrNo);
    const index = await opened('/unionpay');
    expect(index.text).toContain(orderId);
    const [, link = ''] =
      new RegExp(`href="(/unionpay/pay[^"]+)"\\s*><span>${orderId}`).exec(index.text) ?? [];
    expect((await opened(link)).text).toContain('code shown in a shop');
  });

  it('is there again for the same form, a reload or the back button, until it is paid', async () => {
    const orderId = aNumber();
    const said = { txnTime: timeIn(0), frontUrl: FRONT_URL };
    const code = codeIn((await merchant.page(orderId, said)).body);
    expect(codeIn((await merchant.page(orderId, said)).body)).toBe(code);
    await press(code, 'decline');
    expect(codeIn((await merchant.page(orderId, said)).body)).toBe(code);
    await press(code, 'pay');
    expect((await merchant.page(orderId, said)).body).toContain(DUPLICATE);
  });

  it('is for no other form under the same number and time', async () => {
    const orderId = aNumber();
    const said = { txnTime: timeIn(0), frontUrl: FRONT_URL };
    await merchant.page(orderId, said);
    const dearer = await merchant.page(orderId, { ...said, txnAmt: '12900' });
    expect(dearer.body).toContain(DUPLICATE);
    const app = await merchant.app(orderId, said);
    expect(app.said['respCode']).toBe('12');
    const back = await merchant.qr(orderId, { txnTime: said.txnTime });
    expect(back.said['respCode']).toBe('12');
  });

  it('is not there again where a spec wants the stricter reading', async () => {
    const orderId = aNumber();
    const said = { txnTime: timeIn(0), frontUrl: FRONT_URL };
    const code = codeIn((await merchant.page(orderId, said)).body);
    const strict = { provider: 'unionpay', call: 'create', fault: 'refuse', code: '12' };
    await world.control('POST', '/control/faults', strict);
    expect((await merchant.page(orderId, said)).body).toContain(DUPLICATE);
    expect(codeIn((await merchant.page(orderId, said)).body)).toBe(code);
  });

  it('is not there again once the time of its order is over', async () => {
    const orderId = aNumber();
    const said = { txnTime: timeIn(0), payTimeout: timeIn(60_000), frontUrl: FRONT_URL };
    await merchant.page(orderId, said);
    await world.control('POST', '/control/clock', { advanceMs: 60_000 });
    expect((await merchant.page(orderId, said)).body).toContain(DUPLICATE);
  });

  it('says when it is too late, or nobody knows the code', async () => {
    const { said } = await merchant.app(aNumber(), { payTimeout: timeIn(60_000) });
    await world.control('POST', '/control/clock', { advanceMs: 60_000 });
    expect((await press(said['tn'] ?? '', 'pay')).text).toContain('Too late.');
    const unknown = await opened('/unionpay/pay?code=none');
    expect([unknown.status, unknown.text]).toEqual([404, expect.stringContaining('Unknown code')]);
  });

  it('says why a browser came for nothing', async () => {
    const refused = await merchant.page(aNumber(), { frontUrl: undefined });
    expect(refused.body).toContain('报文交易要素缺失[1300000]');
    expect(refused.body).not.toContain('<button');
  });

  it('runs no script, and lets its forms lead here and back to the merchant alone', async () => {
    const { body } = await merchant.page(aNumber(), { frontUrl: FRONT_URL });
    const code = codeIn(body);
    const policyOf = async () =>
      (await opened(`/unionpay/pay?code=${code}`)).headers.get('content-security-policy');
    expect(await policyOf()).toContain("form-action 'self'; base-uri 'none'");
    await press(code, 'pay');
    expect(await policyOf()).toContain("form-action 'self' http://127.0.0.1:9;");
  });

  it('takes no form from another site', async () => {
    const { said } = await merchant.app(aNumber());
    const stolen = await press(said['tn'] ?? '', 'pay', { 'sec-fetch-site': 'cross-site' });
    expect(stolen.status).toBe(403);
  });
});
