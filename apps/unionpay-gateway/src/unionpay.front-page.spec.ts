import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  frontPage,
  frontPath,
  nothingToPayPage,
  headersOf,
  returnPath,
  SCRIPT,
} from './unionpay.front-page.js';

const action = new URL('https://gateway.95516.com/gateway/api/frontTransReq.do');

describe('the page that sends a payer on', () => {
  it('runs its own script and loads nothing', () => {
    const hash = createHash('sha256').update(SCRIPT).digest('base64');
    const { 'Content-Security-Policy': policy = '' } = headersOf(action);
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${hash}'`,
      'form-action https:',
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]);
    const page = frontPage(action, { merId: '777290058110048' });
    expect(page.match(/<script[^>]*>([^<]*)<\/script>/)?.[1]).toBe(SCRIPT);
    expect(page).not.toMatch(/src=|href=|style|@import|url\(/);
  });

  it('is kept by nobody, and says no more than where it is', () => {
    expect(headersOf(action)).toMatchObject({
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'strict-origin',
      'X-Robots-Tag': 'noindex',
    });
  });

  it('has a form that works without the script, with every field as it is', () => {
    const page = frontPage(action, { orderDesc: `"><script>'&`, signature: 'a+b/c==' });
    expect(page).toContain(`<form method="post" action="${action.href}"`);
    expect(page).toContain('name="orderDesc" value="&#34;&#62;&#60;script&#62;&#39;&#38;"');
    expect(page).toContain('name="signature" value="a+b/c=="');
    expect(page).toMatch(/<button>/);
    expect(page.match(/<script/g)).toHaveLength(1);
  });

  it('says where there is nothing to pay, and how to get back to the shop', () => {
    const page = nothingToPayPage();
    expect(page).toContain('<p lang="en">There is nothing to pay here any more.</p>');
    const [, link = ''] = /<a href="([^"]*)"/.exec(page) ?? [];
    const shown = new URL(frontPath('1', 'secret'), 'https://pay.example/unionpay/');
    expect(new URL(link, shown).pathname).toBe(`/unionpay/${returnPath('1')}`);
  });
});
