import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aNumber, jsonOf, Merchant } from '../merchant.examples.js';
import { startWorld, type World } from '../world.examples.js';

let world: World;
let merchant: Merchant;

beforeAll(async () => {
  world = await startWorld();
  merchant = new Merchant(world.wechatPort, world.taobao);
});
afterAll(() => world[Symbol.asyncDispose]());

const opened = async (path: string) => {
  const answer = await fetch(`${world.controlUrl}${path}`);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};
/** What a browser does: posts the form and follows to what comes next. */
const press = async (codeUrl: string, action: string, headers: Record<string, string> = {}) => {
  const body = new URLSearchParams({ code_url: codeUrl, action });
  const answer = await fetch(`${world.controlUrl}/pay`, {
    method: 'POST',
    body,
    headers,
  });
  return { status: answer.status, url: answer.url, text: await answer.text() };
};

describe('the payer page', () => {
  it('leads from the list of open orders to paying one', async () => {
    const number = aNumber();
    const codeUrl = await merchant.codeOf(number, { description: 'A <b>bold</b> tea & "more"' });
    const index = await opened('/');
    expect(index.text).toContain('A &lt;b&gt;bold&lt;/b&gt; tea &amp; &quot;more&quot;');
    const link = /href="(\/pay[^"]+)"/.exec(index.text)?.[1] ?? '';
    const shown = await opened(link.replaceAll('&amp;', '&'));
    expect(shown.status).toBe(200);
    expect(shown.text).toContain('¥128.00');
    expect(shown.text).not.toContain('<b>');
    expect(jsonOf(await merchant.query(number))).toMatchObject({ trade_state: 'NOTPAY' });

    const paid = await press(codeUrl, 'pay');
    expect(paid.url).toContain('/pay?code_url=');
    expect(paid.text).toContain('Paid.');
    expect(jsonOf(await merchant.query(number))).toMatchObject({ trade_state: 'SUCCESS' });
    expect((await opened('/')).text).toContain('Nothing is waiting');
  });

  it('pays once, however often its button is pressed', async () => {
    const number = aNumber();
    const codeUrl = await merchant.codeOf(number);
    const pressed = await Promise.all([1, 2, 3].map(() => press(codeUrl, 'pay')));
    expect(pressed.every(({ text }) => text.includes('Paid.'))).toBe(true);
    const transactions = pressed.map(({ text }) => /Transaction\s+(\d+)/.exec(text)?.[1]);
    expect(new Set(transactions).size).toBe(1);
  });

  it('leaves a declined order payable', async () => {
    const number = aNumber();
    const codeUrl = await merchant.codeOf(number);
    const declined = await press(codeUrl, 'decline');
    expect(declined.text).toContain('Not paid.');
    expect(await world.order(number)).toMatchObject({ state: 'NOTPAY', declines: 1 });
    expect((await press(codeUrl, 'pay')).text).toContain('Paid.');
  });

  it('says when a code is dead, an order is closed, or nobody knows the code', async () => {
    const number = aNumber();
    const dead = await merchant.codeOf(number);
    const alive = await merchant.codeOf(number);
    expect((await press(dead, 'pay')).text).toContain('no longer valid');
    await merchant.close(number);
    expect((await press(alive, 'pay')).text).toContain('Closed.');
    const unknown = await opened('/pay?code_url=weixin%3A%2F%2Fnone');
    expect(unknown.status).toBe(404);
    expect(unknown.text).toContain('Unknown code');
  });

  it('runs no script, comes from here alone, and cannot be put into a frame', async () => {
    for (const path of ['/', '/pay?code_url=none']) {
      const { headers } = await opened(path);
      const policy = headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("form-action 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    }
    const sheet = await opened('/style.css');
    expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8');
  });

  it('takes no form from another site', async () => {
    const number = aNumber();
    const codeUrl = await merchant.codeOf(number);
    expect((await press(codeUrl, 'pay', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(await world.order(number)).toMatchObject({ state: 'NOTPAY' });
  });

  it('refuses a form without a choice', async () => {
    expect((await press('weixin://none', 'steal')).status).toBe(400);
  });
});
