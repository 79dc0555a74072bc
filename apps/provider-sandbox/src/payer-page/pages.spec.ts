import { describe, expect, it } from '@jest/globals';
import { money } from '@hutong/money';
import { close, openOrder, pay, type Order } from '../wechat/order.js';
import { escaped, html, page } from './html.js';
import { cashierPage, indexPage, messagePage } from './pages.js';

const HOSTILE = `<script>alert("1")</script> & 'quoted' </title>`;
const AT = new Date('2026-11-24T08:00:00.000Z');
const MS = AT.getTime();
const code = { text: 'weixin://wxpay/bizpayurl?pr="><b>', deadlineMs: MS + 1_000 };
const open = openOrder(
  {
    mchid: '1900000001',
    appid: 'wx0000000000000001',
    outTradeNo: '01JD0000000000000000000001',
    tradeType: 'NATIVE',
    description: HOSTILE,
    attach: undefined,
    amount: money(12_805n, 'CNY'),
    notifyUrl: 'http://127.0.0.1/n',
    openid: undefined,
    asked: '{}',
  },
  code,
  { at: AT, deadlineMs: MS + 2_000 },
);
const shown = (
  order: Order,
  over: { orderMs?: number; tried?: 'declined' | 'left'; redirectUrl?: string } = {},
) =>
  cashierPage({
    order,
    code: code.text,
    merchant: HOSTILE,
    now: { at: AT, orderMs: over.orderMs ?? MS },
    tried: over.tried,
    redirectUrl: over.redirectUrl,
  });
const paid = pay(open, { transactionId: '42', openid: 'o', paidAt: AT, paidMs: MS });
const closed = close(open);
if (!paid.ok || !closed.ok) throw new Error('refused');

describe('a template', () => {
  it('escapes text between tags and in attributes, and not its own parts', () => {
    expect(escaped(HOSTILE)).not.toMatch(/[<>"']/);
    const inner = html`<b>${'<'}</b>`;
    expect(html`<a title="${'"'}">${inner}${[inner, inner]}${1}</a>`.markup).toBe(
      '<a title="&quot;"><b>&lt;</b><b>&lt;</b><b>&lt;</b>1</a>',
    );
  });

  it('leaves backslashes as they are', () => {
    expect(html`${'\\n'}`.markup).toBe('\\n');
  });
});

describe('a page', () => {
  it.each([
    ['of all orders', indexPage([open])],
    ['of an open order', shown(open)],
    ['of a message', messagePage(HOSTILE, HOSTILE)],
    ['of its own', page(HOSTILE, html``)],
  ])('%s never repeats what a merchant wrote as markup', (_, text) => {
    expect(text).not.toContain('<script');
    expect(text).not.toContain('<b>');
    expect(text).toContain('&lt;script&gt;');
  });

  it('shows the amount in yuan and offers to pay or decline', () => {
    expect(shown(open)).toContain('¥128.05');
    expect(shown(open)).toMatch(/name="action"\s+value="pay"/);
    expect(shown(open)).toMatch(/name="action"\s+value="decline"/);
  });

  it.each([
    ['paid', shown(paid.value), 'Paid.'],
    ['closed', shown(closed.value), 'Closed.'],
    ['shown by a dead code', shown(open, { orderMs: MS + 1_000 }), 'no longer valid'],
  ])('of an order that is %s says so and has no button', (_, text, words) => {
    expect(text).toContain(words);
    expect(text).not.toContain('<button');
  });

  it('of an order that was declined says so and can still be paid', () => {
    expect(shown(open, { tried: 'declined' })).toMatch(/Not paid\.[\s\S]*<button/);
  });

  it('of all orders lists the open ones alone, the newest first', () => {
    const second = { ...open, terms: { ...open.terms, description: 'second' } };
    const text = indexPage([open, paid.value, second, closed.value]);
    expect(text).toContain('Open orders: 2');
    expect(text.indexOf('second')).toBeLessThan(text.indexOf('script'));
  });

  it('says when nothing is to be paid', () => {
    expect(indexPage([])).toContain('Nothing is waiting');
  });
});
