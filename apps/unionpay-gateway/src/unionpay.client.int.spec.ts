import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { PassThrough } from 'node:stream';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attemptId } from '@hutong/domain-events';
import { formOf, formText, type Form } from '@hutong/form';
import { createLogger } from '@hutong/telemetry';
import {
  anAttemptRequested,
  CANARIES,
  canariesIn,
  FixedClock,
  freePorts,
  QUICKPASS_APP,
} from '@hutong/testing';
import { clientsOf } from './clients.examples.js';
import { merchantsKey, recorded, theAccount } from './recorded.examples.js';
import { signedTextDigest } from './second-signature.examples.js';
import { aSigning, rawText } from './test-authority.examples.js';
import { answerOf } from './unionpay.answer.js';
import type { UnionpayAdapter } from './unionpay.adapter.js';
import type { UnionpayClient } from './unionpay.client.js';
import { isSignedBy } from './unionpay.signature.js';

/** Whoever keeps a connection must not find it closed, however long a busy spec leaves it idle. */
const STAYS_OPEN = { keepAliveTimeout: 0 };

const { vectors, orders, portal } = recorded;
const identity = {
  merId: portal.merId,
  orderId: vectors.orderNumber,
  txnTime: '20261124160000',
};

type Reply = Readonly<{ status: number; body?: string | Uint8Array }> | 'nothing' | 'silence';

describe('the client', () => {
  const clock = new FixedClock(recorded.at);
  const account = theAccount();
  const log = new PassThrough().setEncoding('utf8');
  const logger = createLogger({ service: 'unionpay-gateway', level: 'trace', destination: log });
  let logged = '';
  let server: Server;
  let baseUrl: URL;
  let client: UnionpayClient;
  let adapter: UnionpayAdapter;
  let reply: Reply;
  let heard: Readonly<{ url: string; headers: IncomingHttpHeaders; body: Uint8Array }>[];

  beforeAll(async () => {
    log.on('data', (text: string) => (logged += text));
    server = createServer(STAYS_OPEN, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { url = '', headers } = request;
        heard.push({ url, headers, body: Buffer.concat(chunks) });
        if (reply === 'nothing') return void response.destroy();
        if (reply === 'silence') return;
        response.writeHead(reply.status).end(reply.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    baseUrl = new URL(`http://127.0.0.1:${address.port}`);
    ({ client, adapter } = clientsOf({ baseUrl, clock, account, timeoutMs: 500, logger }));
  });
  afterAll(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });

  const asking = (said: Reply) => {
    heard = [];
    reply = said;
    return client.query(account, identity);
  };
  const prepared = (id = vectors.orderNumber) => {
    const attempt = anAttemptRequested({ attemptId: attemptId(id), method: QUICKPASS_APP });
    const made = adapter.prepare({ ...attempt, account: 'taobao' }, clock.now(), {});
    if (!made.ok) throw new Error(made.refusal.code);
    return made.value;
  };
  const submitting = (said: Reply, id?: string) => {
    heard = [];
    reply = said;
    return adapter.submit(prepared(id));
  };

  it('signs what it sends, and names its certificate', async () => {
    await asking({ status: 200, body: vectors.notFound.body });
    const [request] = heard;
    const form = formOf(request?.body ?? new Uint8Array()) ?? {};
    expect(request?.url).toBe('/gateway/api/queryTrans.do');
    expect(request?.headers['content-type']).toBe(
      'application/x-www-form-urlencoded;charset=UTF-8',
    );
    expect(form).toEqual({
      version: '5.1.0',
      encoding: 'UTF-8',
      signMethod: '01',
      accessType: '0',
      txnType: '00',
      txnSubType: '00',
      bizType: '000000',
      ...identity,
      certId: '10',
      signature: expect.any(String),
    });
    expect(isSignedBy(form, merchantsKey)).toBe(true);
    expect(signedTextDigest(form).toString()).toMatch(/^[0-9a-f]{64}$/);
  });

  it('believes what UnionPay signed about this order', async () => {
    expect(await asking({ status: 200, body: vectors.queried.body })).toMatchObject({
      kind: 'ok',
      body: { origRespCode: '00', txnAmt: '12800', queryId: expect.stringMatching(/^\d{21}$/) },
    });
    expect(await asking({ status: 200, body: vectors.notFound.body })).toEqual({
      kind: 'refused',
      code: '34',
    });
    expect(await asking({ status: 200, body: vectors.timedOut.body })).toEqual({
      kind: 'refused',
      code: '03',
    });
  });

  it('keeps nothing of a card', async () => {
    const answer = await asking({ status: 200, body: vectors.queried.body });
    expect(vectors.queried.body).toContain('accNo=621626');
    expect(inspect(answer)).not.toContain('621626');
  });

  const { queried } = vectors;
  it.each<[what: string, reply: Reply, cause: string]>([
    ['another status', { status: 500, body: queried.body }, 'http_500'],
    ['a redirect', { status: 302, body: queried.body }, 'http_302'],
    ['nothing in it', { status: 200, body: '' }, 'unreadable_answer'],
    ['a page', { status: 200, body: '<html>系统维护</html>' }, 'unreadable_answer'],
    ['no UTF-8', { status: 200, body: Buffer.from([0x61, 0x3d, 0xc1, 0xfa]) }, 'unreadable_answer'],
    [
      'braces that are not closed',
      { status: 200, body: `${queried.body}&r={` },
      'unreadable_answer',
    ],
    ['a field twice', { status: 200, body: `${queried.body}&respCode=00` }, 'unreadable_answer'],
    ['a field more', { status: 200, body: `${queried.body}&a=1` }, 'unverifiable_answer'],
    [
      'other line ends',
      { status: 200, body: queried.body.replaceAll('\r\n', '\n') },
      'unverifiable_answer',
    ],
    [
      'an encoded body',
      { status: 200, body: formText(answerOf(queried.body) ?? {}) },
      'unverifiable_answer',
    ],
    ['no signature', { status: 200, body: vectors.unsignedRefusal.body }, 'unverifiable_answer'],
    [
      'another order',
      { status: 200, body: orders.told.query['00']?.body ?? '' },
      'answer_of_other_order',
    ],
    ['too much', { status: 200, body: 'a'.repeat(300_000) }, 'too_large'],
    ['no end', 'nothing', 'reset'],
    ['no beginning', 'silence', 'timeout'],
  ])('does not know what an answer means with %s', async (_, said, cause) => {
    expect(await asking(said)).toEqual({ kind: 'unclear', cause });
    expect(await adapter.query(prepared())).toMatchObject({ kind: 'unknown', cause });
  });

  it('calls what it cannot send not sent', async () => {
    const [port = 0] = await freePorts(1);
    const nobody = clientsOf({ baseUrl: new URL(`http://127.0.0.1:${port}`), clock, account });
    expect(await nobody.adapter.submit(prepared())).toEqual({
      kind: 'not_sent',
      cause: 'refused',
    });
    const orphan = { ...prepared(), account: 'gone' };
    expect(await adapter.submit(orphan)).toEqual({ kind: 'not_sent', cause: 'account_unknown' });
    expect(await adapter.query(orphan)).toEqual({ kind: 'unknown', cause: 'account_unknown' });
  });

  it('shows what was given for it, and asks where nothing was', async () => {
    expect(await submitting({ status: 200, body: vectors.answer.body })).toEqual({
      kind: 'awaiting_payer',
      action: {
        type: 'app',
        parameters: { tn: '826112416000000000017', mode: '00' },
        validUntil: prepared().expiresAt,
      },
    });
    expect(heard[0]?.url).toBe('/gateway/api/appTransReq.do');
    // A code to scan, where a tn was asked for.
    const other = orders.shown;
    expect(await submitting({ status: 200, body: other.create.body }, other.attemptId)).toEqual({
      kind: 'unknown',
      cause: 'unreadable_answer',
    });
    expect(await submitting({ status: 200, body: other.again.body }, other.attemptId)).toEqual({
      kind: 'unknown',
      cause: 'code_12',
    });
  });

  it('sends nothing again whose time is not near any more', async () => {
    const old = prepared();
    const good = { status: 200, body: vectors.answer.body };
    reply = good;
    heard = [];
    clock.advance(5 * 60_000 - 1);
    expect((await adapter.submit(old)).kind).toBe('awaiting_payer');
    clock.advance(1);
    expect(await adapter.submit(old)).toEqual({ kind: 'unknown', cause: 'too_old_to_send' });
    expect(heard).toHaveLength(1);
    clock.set(recorded.at);
  });

  it('calls nothing over before a minute behind its end', async () => {
    const order = prepared();
    reply = { status: 200, body: vectors.notFound.body };
    const atEnd = order.expiresAt.getTime();
    const saidAt = async (ms: number) => {
      clock.set(new Date(atEnd + ms).toISOString());
      return (await adapter.query(order)).kind;
    };
    expect([await saidAt(-1), await saidAt(59_999), await saidAt(60_000)]).toEqual([
      'awaiting_payer',
      'awaiting_payer',
      'not_found',
    ]);
    clock.set(recorded.at);
  });

  describe('whatever an answer holds', () => {
    const { trust, signed } = aSigning();
    const told = theAccount({ trust });
    const leaks = (): string[] => canariesIn(logged);

    it('logs and reports none of it', async () => {
      const { client: asked, adapter: asks } = clientsOf({ baseUrl, clock, account: told, logger });
      logged = '';
      const seen: unknown[] = [];
      for (const [, canary] of CANARIES) {
        const fields = { ...identity, respMsg: canary, accNo: canary, customerInfo: canary };
        const answers: Form[] = [
          signed({ ...fields, respCode: '10' }),
          signed({ ...fields, respCode: '00', origRespCode: canary, reserved: canary }),
          signed({ ...fields, respCode: canary }),
          { ...fields, respCode: '11' },
          { ...fields, signature: canary, signPubKeyCert: canary, respCode: '00' },
          { [canary]: canary },
        ];
        for (const answer of answers) {
          reply = { status: 200, body: rawText(answer) };
          seen.push(await asked.query(told, identity), await asks.submit(prepared()));
          const body = Buffer.from(formText(answer));
          seen.push(asks.read({ account: 'taobao', headers: {}, body }, clock.now()));
        }
      }
      expect(logged).toContain('unionpay takes no request of ours');
      expect(leaks()).toEqual([]);
      const reports = inspect(seen, { depth: 9, maxArrayLength: null });
      expect(canariesIn(reports)).toEqual([]);
    });

    it('tells people of a refusal that nobody signed, and takes it for nothing', async () => {
      logged = '';
      const { client: asked } = clientsOf({ baseUrl, clock, account: told, logger });
      reply = { status: 200, body: rawText({ ...identity, respCode: '11' }) };
      expect(await asked.query(told, identity)).toEqual({
        kind: 'unclear',
        cause: 'unverifiable_answer',
      });
      expect(logged).toContain('"code":"code_11"');
      logged = '';
      reply = { status: 200, body: rawText({ ...identity, respCode: '64' }) };
      await asked.query(told, identity);
      expect(logged).toBe('');
    });
  });

  it('hears what is told to another merchant as told to a stranger, and not if it is cut otherwise', () => {
    const of = (merId: string) =>
      clientsOf({ baseUrl, clock, account: theAccount({ merId }) }).adapter;
    const body = new TextEncoder().encode(vectors.notice.body);
    const raw = { account: 'taobao', headers: {}, body };
    expect(of(portal.merId).read(raw, clock.now()).kind).toBe('succeeded');
    expect(of('777290058110049').read(raw, clock.now())).toMatchObject({
      kind: 'stranger',
      told: { kind: 'succeeded', orderNumber: vectors.orderNumber },
      payee: { merId: portal.merId },
    });
    // Joined with the field before it the merchant is gone, and the text that was signed is the same.
    const { merId = '', encoding = '', exchangeRate, ...rest } = formOf(body) ?? {};
    const joined = { ...rest, encoding, exchangeRate: `${exchangeRate}&merId=${merId}` };
    const cut = { ...raw, body: new TextEncoder().encode(formText(joined)) };
    expect(of(portal.merId).read(cut, clock.now()).kind).toBe('unverified');
  });
});
