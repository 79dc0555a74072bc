import { existsSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it, describe } from '@jest/globals';
import { formOf, type Form } from '@hutong/form';
import { runWhere } from '@hutong/testing';
import { chromium, type Browser } from 'playwright-core';
import { frontPage, headersOf } from './unionpay.front-page.js';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = PLACES.find((place) => existsSync(place));
const missing =
  executablePath === undefined
    ? 'no Chromium here to try the page in: apt-get install -y chromium brings one'
    : undefined;

const FORM: Form = {
  merId: '777290058110048',
  orderDesc: `龙井茶 "250 g" <b>&amp;'`,
  signature: 'a+b/c==',
  lines: 'a\r\nb',
};

describe('a real browser', () => {
  runWhere(describe, missing)('on the page that sends a payer on', () => {
    const servers: Server[] = [];
    let browser: Browser;
    let pageUrl: string;
    let posted: Buffer[];

    const serve = async (listener: RequestListener): Promise<URL> => {
      const server = createServer(listener);
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
      return new URL(`http://127.0.0.1:${address.port}/gateway/api/frontTransReq.do`);
    };

    beforeAll(async () => {
      const cashier = await serve((_, response) => void response.end('<h1>Cashier</h1>'));
      // Another origin than the one that the form names, as UnionPay's cashier may be.
      const unionpay = await serve((request, response) => {
        request.on('data', (chunk: Buffer) => posted.push(chunk));
        request.on('end', () => response.writeHead(302, { location: cashier.href }).end());
      });
      const headers = { ...headersOf(unionpay), 'content-type': 'text/html; charset=utf-8' };
      const ours = await serve((_, response) => {
        response.writeHead(200, headers).end(frontPage(unionpay, FORM));
      });
      pageUrl = ours.href;
      browser = await chromium.launch({
        ...(executablePath !== undefined && { executablePath }),
        args: ['--no-sandbox'], // which needs rights that a container does not give
        timeout: 60_000,
      });
    }, 90_000);
    beforeEach(() => {
      posted = [];
    });
    afterAll(async () => {
      await browser.close();
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    });

    const opened = async (javaScriptEnabled: boolean) => {
      const context = await browser.newContext({ javaScriptEnabled });
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('favicon')) {
          complaints.push(message.text());
        }
      });
      await page.goto(pageUrl);
      return { page, complaints };
    };

    it('posts every field as it is, by itself, and follows to wherever UnionPay leads', async () => {
      const { page, complaints } = await opened(true);
      await page.getByRole('heading', { name: 'Cashier' }).waitFor();
      expect(formOf(Buffer.concat(posted))).toEqual(FORM);
      expect(complaints).toEqual([]);
    }, 60_000);

    it('does the same by its button where no script runs', async () => {
      const { page, complaints } = await opened(false);
      expect(posted).toEqual([]);
      await page.getByRole('button', { name: '继续' }).click();
      await page.getByRole('heading', { name: 'Cashier' }).waitFor();
      expect(formOf(Buffer.concat(posted))).toEqual(FORM);
      expect(complaints).toEqual([]);
    }, 60_000);
  });
});
