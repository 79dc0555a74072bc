import { createPrivateKey, createPublicKey, sign, X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret } from '@hutong/config';
import { attemptId } from '@hutong/domain-events';
import type { Prepared } from '@hutong/gateway';
import { createLogger } from '@hutong/telemetry';
import { ALIPAY_REDIRECT, anAttemptRequested, FixedClock } from '@hutong/testing';
import { aKeyPair } from './account-files.examples.js';
import { clientsOf } from './clients.examples.js';
import { recorded, theAccount, type Recorded } from './recorded.examples.js';

/** Whoever keeps a connection must not find it closed, however long a busy spec leaves it idle. */
const STAYS_OPEN = { keepAliveTimeout: 0 };

const { vectors, portal, certificate } = recorded;
const CODE = '285512345678901234';
const BUYER = '2088000000000009';
const LOGON = 'pay***@example.com';
const QUERY = 'alipay_trade_query_response';

describe('a call', () => {
  let server: Server;
  let gateway: URL;
  let next: Readonly<{ status: number; body: string | Uint8Array }> = { status: 200, body: '' };
  let whileAsked = (): void => undefined;
  const heard: Readonly<{ url: string; body: string; type: string | undefined }>[] = [];
  const pair = aKeyPair();
  const own = createPrivateKey(pair.privateKeyPem);
  const keys = new Map([
    ['alipay.pem', createPublicKey(portal.alipayPublicKeyPem)],
    ['of this run', createPublicKey(pair.publicKeyPem)],
  ]);
  const clock = new FixedClock(recorded.at);

  beforeAll(async () => {
    server = createServer(STAYS_OPEN, (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        heard.push({ url: request.url ?? '', body, type: request.headers['content-type'] });
        whileAsked();
        response.writeHead(next.status, { 'content-type': 'text/html;charset=utf-8' });
        response.end(next.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    gateway = new URL(`http://127.0.0.1:${address.port}/gateway.do`);
  });
  afterAll(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });

  const world = (said: Parameters<typeof theAccount>[0] = {}) => {
    const sink = new PassThrough();
    const logger = createLogger({ service: 'alipay-gateway', level: 'info', destination: sink });
    const account = theAccount({ keys, ...said });
    const { adapter } = clientsOf({ gateway, timeoutMs: 2_000 }, clock, account, logger);
    return { adapter, log: () => String(sink.read() ?? '') };
  };
  const order = (orderNumber: string, presentation: 'qr' | 'barcode' = 'qr'): Prepared => {
    const attempt = {
      ...anAttemptRequested({
        attemptId: attemptId(orderNumber),
        method: { ...ALIPAY_REDIRECT, presentation },
      }),
      account: 'taobao',
    };
    const made = world().adapter.prepare(attempt, clock.now(), { code: CODE });
    if (!made.ok) throw new Error(made.refusal.code);
    return made.value;
  };
  const mine = order(vectors.orderNumber);
  const answering = ({ body }: Recorded) => {
    next = { status: 200, body };
  };
  const signed = (name: string, node: string): Recorded => {
    const signature = sign('sha256', Buffer.from(node), own).toString('base64');
    return { headers: {}, body: `{"${name}":${node},"sign":"${signature}"}` };
  };

  it('has what is of the order in its body, and in no address', async () => {
    answering(vectors.answer);
    await world().adapter.submit(order(vectors.orderNumber, 'barcode'));
    const { url, body, type } = heard.at(-1) ?? { url: '', body: '', type: '' };
    const query = new URL(url, gateway).searchParams;
    expect([...query.keys()].toSorted()).toEqual([
      ...['app_id', 'charset', 'format', 'method', 'notify_url', 'sign', 'sign_type'],
      ...['timestamp', 'version'],
    ]);
    expect([...new URLSearchParams(body).keys()]).toEqual(['biz_content']);
    expect(url).not.toContain(CODE);
    expect(type).toBe('application/x-www-form-urlencoded;charset=utf-8');
  });

  it('is answered by what another implementation signed', async () => {
    answering(vectors.answer);
    expect(await world().adapter.submit(mine)).toMatchObject({ kind: 'awaiting_payer' });
    answering(vectors.signedBeforeItsSlashesWereEscaped);
    expect(await world().adapter.submit(mine)).toMatchObject({ kind: 'awaiting_payer' });
  });

  it('is answered by the certificate that is named, if it is one of ours', async () => {
    answering(vectors.byCertificate);
    const { publicKey } = new X509Certificate(certificate.pem);
    const trusting = world({ keys: new Map([[certificate.sn, publicKey]]) });
    expect(await trusting.adapter.query(mine)).toEqual({ kind: 'awaiting_payer' });
    expect(await world().adapter.query(mine)).toEqual({
      kind: 'unknown',
      cause: 'unverifiable_answer',
    });
  });

  it('is answered by encrypted content, if we have its key', async () => {
    answering(vectors.encrypted);
    const opening = world({ contentKey: Secret.of(vectors.contentKey) });
    expect(await opening.adapter.query(mine)).toMatchObject({
      kind: 'succeeded',
      amount: { minor: 1n, currency: 'CNY' },
    });
    expect(await world().adapter.query(mine)).toEqual({
      kind: 'unknown',
      cause: 'unreadable_answer',
    });
  });

  type Row = Readonly<{ what: string; answer: Recorded; cause: string }>;
  const ok = '{"code":"10000","out_trade_no":"X","trade_no":"1","trade_status":"TRADE_SUCCESS"}';
  it.each<Row>([
    { what: 'not signed', answer: vectors.unsignedRefusal, cause: 'invalid_app_id' },
    { what: 'an error_response', answer: vectors.errorResponse, cause: 'missing_method' },
    {
      what: 'unsigned, and says paid',
      answer: { headers: {}, body: `{"${QUERY}":${ok}}` },
      cause: 'unverifiable_answer',
    },
    {
      what: 'unsigned, and says that there is no order',
      answer: {
        headers: {},
        body: `{"${QUERY}":{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}}`,
      },
      cause: 'trade_not_exist',
    },
    {
      what: 'signed by nobody',
      answer: { headers: {}, body: `{"${QUERY}":${ok},"sign":"AAAA"}` },
      cause: 'unverifiable_answer',
    },
    { what: 'another method’s', answer: vectors.answer, cause: 'unreadable_answer' },
    { what: 'of another order', answer: signed(QUERY, ok), cause: 'answer_of_other_order' },
    {
      what: 'signed and no answer',
      answer: signed(QUERY, '{"msg":"Success"}'),
      cause: 'unreadable_answer',
    },
    {
      what: 'signed and no trade',
      answer: signed(QUERY, '{"code":"10000"}'),
      cause: 'unreadable_answer',
    },
    { what: 'nothing', answer: { headers: {}, body: '' }, cause: 'unreadable_answer' },
  ])('that is answered by what is $what is not known', async ({ answer, cause }) => {
    answering(answer);
    expect(await world().adapter.query(mine)).toEqual({ kind: 'unknown', cause });
  });

  it('that is answered by a page in another encoding is not known', async () => {
    next = { status: 200, body: Uint8Array.of(0x3c, 0x70, 0x3e, 0xcf, 0xb5, 0xcd, 0xb3) };
    expect(await world().adapter.query(mine)).toEqual({
      kind: 'unknown',
      cause: 'unreadable_answer',
    });
    next = { status: 302, body: vectors.answer.body };
    expect(await world().adapter.submit(mine)).toEqual({ kind: 'unknown', cause: 'http_302' });
  });

  it('that Alipay takes from none of ours is for people, by its code alone', async () => {
    answering(vectors.unsignedRefusal);
    const { adapter, log } = world();
    await adapter.query(mine);
    expect(log()).toMatch(/"code":"invalid_app_id"/);
  });

  it('takes no order for gone that could still come while it was asked for', async () => {
    answering(signed(QUERY, '{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}'));
    const prepared = order(vectors.orderNumber);
    clock.set(new Date(prepared.expiresAt.getTime() - 1).toISOString());
    whileAsked = () => clock.advance(1);
    try {
      const { adapter } = world();
      expect(await adapter.query(prepared)).toEqual({ kind: 'awaiting_payer' });
      expect(await adapter.query(prepared)).toEqual({ kind: 'not_found' });
    } finally {
      whileAsked = () => undefined;
      clock.set(recorded.at);
    }
  });

  it('leaves nothing of the payer in logs, reports or errors', async () => {
    const payer = `"buyer_user_id":"${BUYER}","buyer_logon_id":"${LOGON}"`;
    const { adapter, log } = world();
    const paid = order(vectors.orderNumber, 'barcode');
    const said: unknown[] = [];
    for (const node of [
      `{"code":"10000","out_trade_no":"${vectors.orderNumber}","trade_no":"1",${payer}}`,
      `{"code":"40004","sub_code":"ACQ.${BUYER}","sub_msg":"${LOGON}",${payer}}`,
      `{"code":"40002","sub_code":"isv.${BUYER}","sub_msg":"${CODE}"}`,
    ]) {
      for (const name of ['alipay_trade_pay_response', QUERY, 'alipay_trade_cancel_response']) {
        answering(signed(name, node));
        said.push(await adapter.submit(paid), await adapter.query(paid));
        said.push(await adapter.close(paid, true));
      }
    }
    const form = `notify_type=trade_status_sync&buyer_id=${BUYER}&sign=AAAA&sign_type=${CODE}`;
    said.push(adapter.read({ account: 'taobao', headers: {}, body: Buffer.from(form) }));
    const all = `${log()} ${JSON.stringify(said, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    )}`;
    expect(all).toContain('unknown');
    for (const secret of [BUYER, LOGON, CODE]) expect(all).not.toContain(secret);
  });
});
