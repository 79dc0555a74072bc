import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FixedClock, freePorts } from '@hutong/testing';
import { clientsOf } from './clients.examples.js';
import { recorded, theAccount } from './recorded.examples.js';
import type { WechatClient } from './wechat.client.js';

/** Whoever keeps a connection must not find it closed, however long a busy spec leaves it idle. */
const STAYS_OPEN = { keepAliveTimeout: 0 };

const { portal, orders } = recorded;
const { create } = orders.shown;

type Reply = Readonly<{
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}>;

describe('the client', () => {
  let server: Server;
  let client: WechatClient;
  let reply: Reply | 'nothing' | 'silence';
  let heard: Readonly<{
    method: string;
    url: string;
    headers: IncomingHttpHeaders;
    body: string;
  }>[];

  const account = theAccount();
  const clock = new FixedClock(recorded.at);

  beforeAll(async () => {
    heard = [];
    server = createServer(STAYS_OPEN, (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        heard.push({ method, url, headers, body });
        if (reply === 'nothing') return void response.destroy();
        if (reply === 'silence') return;
        response.writeHead(reply.status, reply.headers).end(reply.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    const baseUrl = new URL(`http://127.0.0.1:${address.port}`);
    ({ client } = clientsOf({ baseUrl, timeoutMs: 500 }, clock, account));
  });
  afterAll(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });

  const order = new TextEncoder().encode('{"description":"龙井茶"}');
  const creating = (said: typeof reply) => {
    reply = said;
    return client.createNative(account, order);
  };

  it('sends the bytes it is given, signed, and names the key to be answered with', async () => {
    await creating({ status: 200, ...create });
    await client.query(account, { outTradeNo: 'A|B', mchid: '1' });
    const [created, asked] = heard;
    expect(created).toMatchObject({
      method: 'POST',
      url: '/v3/pay/transactions/native',
      body: '{"description":"龙井茶"}',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': expect.stringMatching(/./),
        'wechatpay-serial': portal.publicKeyId,
        authorization: expect.stringMatching(/^WECHATPAY2-SHA256-RSA2048 mchid="1900000001",/),
      },
    });
    expect(asked).toMatchObject({
      method: 'GET',
      url: '/v3/pay/transactions/out-trade-no/A%7CB?mchid=1',
      body: '',
    });
    expect(asked?.headers['content-type']).toBeUndefined();
  });

  type Row = Readonly<{ what: string; said: Reply | 'nothing' | 'silence'; answer: object }>;
  it.each<Row>([
    {
      what: 'a verified answer',
      said: { status: 200, ...create },
      answer: { kind: 'ok', body: { code_url: 'weixin://wxpay/bizpayurl?pr=spec1zzz' } },
    },
    {
      what: 'a 202, verified or not: accepted is not done',
      said: { status: 202, ...create },
      answer: { kind: 'unclear', cause: 'http_202' },
    },
    {
      what: 'a 200 without a signature',
      said: { status: 200, body: create.body },
      answer: { kind: 'unclear', cause: 'unverifiable_answer' },
    },
    {
      what: 'a 200 with another body',
      said: { status: 200, headers: create.headers, body: `${create.body} ` },
      answer: { kind: 'unclear', cause: 'unverifiable_answer' },
    },
    {
      what: 'a 204 that nobody signed',
      said: { status: 204 },
      answer: { kind: 'unclear', cause: 'unverifiable_answer' },
    },
    {
      what: 'a verified answer to something else',
      said: { status: 200, ...orders.shown.query['NOTPAY'] },
      answer: { kind: 'unclear', cause: 'unreadable_answer' },
    },
    {
      what: 'a refusal',
      said: { status: 403, body: '{"code":"NO_AUTH","message":"…","detail":{}}' },
      answer: { kind: 'error', status: 403, code: 'NO_AUTH' },
    },
    {
      what: 'a refusal without a body',
      said: { status: 404 },
      answer: { kind: 'error', status: 404, code: '' },
    },
    {
      what: 'a page of somebody between us',
      said: { status: 502, body: '<html>' },
      answer: { kind: 'error', status: 502, code: '' },
    },
    {
      what: 'a redirect, which is not followed',
      said: { status: 302, headers: { location: 'http://127.0.0.1:9/' } },
      answer: { kind: 'error', status: 302, code: '' },
    },
    {
      what: 'a code that is none',
      said: { status: 400, body: '{"code":"param error"}' },
      answer: { kind: 'error', status: 400, code: '' },
    },
    { what: 'a torn connection', said: 'nothing', answer: { kind: 'unclear', cause: 'reset' } },
    { what: 'no answer in time', said: 'silence', answer: { kind: 'unclear', cause: 'timeout' } },
    {
      what: 'an answer without end',
      said: { status: 200, body: 'x'.repeat(300_000) },
      answer: { kind: 'unclear', cause: 'too_large' },
    },
  ])('of $what makes what it is', async ({ said, answer }) => {
    expect(await creating(said)).toEqual(answer);
  });

  it('knows that nothing was sent where nobody listens', async () => {
    const [port = 0] = await freePorts(1);
    const baseUrl = new URL(`http://127.0.0.1:${port}`);
    const { client: nobody } = clientsOf({ baseUrl, timeoutMs: 500 }, clock, account);
    expect(await nobody.createNative(account, order)).toEqual({
      kind: 'not_sent',
      cause: 'refused',
    });
  });

  it('believes no answer that is older than five minutes', async () => {
    const later = new FixedClock(recorded.at);
    later.advance(300_000);
    reply = { status: 200, ...create };
    const address = server.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    const baseUrl = new URL(`http://127.0.0.1:${port}`);
    const { client: late } = clientsOf({ baseUrl, timeoutMs: 500 }, later, account);
    expect(await late.createNative(account, order)).toEqual({
      kind: 'unclear',
      cause: 'unverifiable_answer',
    });
  });
});
