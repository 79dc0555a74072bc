import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Notice } from '@hutong/gateway/conformance';
import { money } from '@hutong/money';
import { aRefundRequested } from '@hutong/testing';
import type { SdkMerchant } from '@hutong/world';
import { clientsOf } from './clients.examples.js';
import { wechatForgeries } from './forgeries.examples.js';
import { recorded, theAccount } from './recorded.examples.js';
import { OF_THE_HOP, type Heard } from './recording-provider.examples.js';
import { encrypted, SCRIPTED_KEY, ScriptedWechat } from './scripted-wechat.examples.js';
import { SecondOpinion, systemTime, type Both } from './second-opinion.examples.js';
import type { WechatAdapter } from './wechat.adapter.js';
import type { WechatPresentation } from './wechat.mapping.js';
import { appParameters, miniProgramParameters } from './wechat.signature.js';

/** The SDK's own build may fetch it first. */
const BUILD_MS = 300_000;

let world: SecondOpinion;
beforeAll(async () => {
  world = await SecondOpinion.start();
}, BUILD_MS);
afterAll(() => world[Symbol.asyncDispose]());

type Difference = Readonly<{ header: string; gateway: string; sdk: string }>;

/**
 * Every way in which the gateway's requests differ from the SDK's, beside signatures (which are
 * verified) and what belongs to a connection. `-` is a header that is not there.
 */
const DIFFERENCES: readonly Difference[] = [
  // Each says who it is, which WeChat asks for.
  { header: 'user-agent', gateway: '^hutong-wechat-gateway/', sdk: '^WechatPay-Java/' },
  // JSON is UTF-8: the type has no parameter that says so.
  {
    header: 'content-type',
    gateway: '^application/json$',
    sdk: '^application/json; charset=utf-8$',
  },
  // Without a body there is nothing to say the type of.
  { header: 'content-type', gateway: '^-$', sdk: '^application/json$' },
  // Each names the packings that it can open.
  { header: 'accept-encoding', gateway: '^gzip, deflate$', sdk: '^gzip$' },
  // Node's fetch adds both, and they ask for nothing.
  { header: 'accept-language', gateway: '^\\*$', sdk: '^-$' },
  { header: 'sec-fetch-mode', gateway: '^cors$', sdk: '^-$' },
];

/** As `header: gateway's | the SDK's`, for those of which `DIFFERENCES` knows nothing. */
function unexplained({ gateway, sdk }: Both): string[] {
  const names = new Set([...Object.keys(gateway.headers), ...Object.keys(sdk.headers)]);
  const compared = [...names].filter((one) => !['authorization', ...OF_THE_HOP].includes(one));
  return compared.flatMap((header) => {
    const [ours, theirs] = [gateway.headers[header] ?? '-', sdk.headers[header] ?? '-'];
    const isKnown = DIFFERENCES.some(
      (one) =>
        one.header === header &&
        new RegExp(one.gateway).test(ours) &&
        new RegExp(one.sdk).test(theirs),
    );
    return ours === theirs || isKnown ? [] : [`${header}: ${ours} | ${theirs}`];
  });
}

/** The request line, and the body as JSON: the order of its members says nothing. */
const meant = ({ method, url, body }: Heard) => ({
  method,
  url,
  body: body === '' ? undefined : (JSON.parse(body) as unknown),
});

/** What the header says, and whether it is the merchant's signature of this very request. */
function signedBy({ headers, method, url, body }: Heard) {
  const [scheme = '', written = ''] = headers['authorization']?.split(' ') ?? [];
  const attributes = Object.fromEntries(
    [...written.matchAll(/(\w+)="([^"]*)",?/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const { timestamp, nonce_str, signature = '', mchid, serial_no } = attributes;
  const lines = `${method}\n${url}\n${timestamp}\n${nonce_str}\n${body}\n`;
  const key = createPublicKey(world.account.privateKey);
  const good = verify('sha256', Buffer.from(lines), key, Buffer.from(signature, 'base64'));
  return { scheme, mchid, serial_no, good, names: Object.keys(attributes).toSorted() };
}

function expectTheSame(both: Both): void {
  expect(meant(both.gateway)).toEqual(meant(both.sdk));
  const signed = signedBy(both.gateway);
  expect(signed).toMatchObject({ good: true, mchid: world.account.mchid });
  expect(signed).toEqual(signedBy(both.sdk));
  expect(unexplained(both)).toEqual([]);
}

describe("the gateway asks WeChat what WeChat's own SDK asks", () => {
  type Row = Readonly<{ presentation: WechatPresentation; call: string }>;
  it.each<Row>([
    { presentation: 'qr', call: 'native' },
    { presentation: 'redirect', call: 'h5' },
    { presentation: 'app', call: 'app' },
    { presentation: 'mini_program', call: 'jsapi' },
  ])('to open an order for $presentation, about it, and to close it', async (row) => {
    const { prepared, asked } = world.order(row.presentation);
    const { mchid, out_trade_no } = asked;
    const which = { mchid, out_trade_no };
    const { adapter } = world;

    const created = await world.both(() => adapter.submit(prepared), row.call, asked);
    expectTheSame(created);
    // The same number with anything else in it would be refused: it is one order to the sandbox too.
    expect(created).toMatchObject({
      report: { kind: 'awaiting_payer' },
      answer: { answer: expect.anything() },
    });
    expectTheSame(await world.both(() => adapter.query(prepared), 'query', which));
    expectTheSame(await world.both(() => adapter.close(prepared), 'close', which));
  });

  it('to give money back, and about that, and believes what is told of it', async () => {
    const { attempt, prepared } = await world.paid();
    const { adapter } = world;
    const paid = await adapter.query(prepared);
    if (paid.kind !== 'succeeded') throw new Error(paid.kind);
    const part = aRefundRequested({ ...attempt, amount: money(100n, 'CNY'), reason: '少了一包' });
    const made = adapter.prepareRefund(
      { ...part, account: attempt.account },
      { paid, fields: prepared.fields },
    );
    if (!made.ok) throw new Error(made.refusal.code);
    world.forget();

    const { refundId: out_refund_no } = part;
    const given = await world.both(() => adapter.refund(made.value), 'refund', {
      transaction_id: paid.providerRef,
      out_refund_no,
      reason: '少了一包',
      notify_url: world.notifyUrl,
      amount: { refund: 100, total: 12_800, currency: 'CNY' },
    });
    expectTheSame(given);
    expect(given).toMatchObject({
      report: { kind: 'pending' },
      answer: { answer: { status: 'PROCESSING' } },
    });
    const query = () => adapter.queryRefund(made.value);
    expectTheSame(await world.both(query, 'query_refund', { out_refund_no }));

    const ended = { outRefundNo: out_refund_no, status: 'SUCCESS' };
    const notice = await world.noticeOf(() => world.sandbox.say('/control/wechat/refunds', ended));
    expect(await verdicts(notice, world)).toEqual(BELIEVED);
  });
});

describe("what a client is started with is what WeChat's own SDK signs", () => {
  const textsIn = (of: unknown, ...path: readonly string[]): Readonly<Record<string, string>> =>
    Object(path.reduce((one, name): unknown => Reflect.get(Object(one), name), of)) as Record<
      string,
      string
    >;
  const signer = (timestamp = '', nonce = '') => {
    const { appid, mchid, privateKey } = world.account;
    return { appid, mchid, privateKey, at: new Date(Number(timestamp) * 1_000), nonce };
  };
  const isSigned = (lines: readonly string[], signature = ''): boolean => {
    const key = createPublicKey(world.account.privateKey);
    const signed = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    return verify('sha256', signed, key, Buffer.from(signature, 'base64'));
  };
  const startedBy = async (presentation: WechatPresentation, call: string) => {
    const { prepared, asked } = world.order(presentation);
    const both = await world.both(() => world.adapter.submit(prepared), call, asked);
    const ours = textsIn(both.report, 'action', 'parameters');
    return { appid: asked.appid, ours, sdks: textsIn(both.answer, 'answer') };
  };

  it('in an app', async () => {
    const { appid, ours, sdks } = await startedBy('app', 'app');
    const { prepayid = '', timestamp = '', noncestr = '' } = ours;

    const same = appParameters(sdks['prepayid'] ?? '', signer(sdks['timestamp'], sdks['noncestr']));
    expect(same).toEqual(sdks);
    expect(isSigned([appid, timestamp, noncestr, prepayid], ours['sign'])).toBe(true);
  });

  it('in a mini program, which knows its own app id', async () => {
    const { appid, ours, sdks } = await startedBy('mini_program', 'jsapi');
    const { package: named = '', timeStamp = '', nonceStr = '' } = ours;

    const prepayId = sdks['package']?.replace(/^prepay_id=/, '') ?? '';
    const same = miniProgramParameters(prepayId, signer(sdks['timeStamp'], sdks['nonceStr']));
    expect({ appId: appid, ...same }).toEqual(sdks);
    expect(isSigned([appid, timeStamp, nonceStr, named], ours['paySign'])).toBe(true);
  });
});

type Verdicts = Readonly<{ gateway: string; sdk: string }>;
const BELIEVED: Verdicts = { gateway: 'believes', sdk: 'believes' };
const REFUSED: Verdicts = { gateway: 'refuses', sdk: 'refuses' };

/** What either makes of the same bytes, at the same time. */
async function verdicts(
  { headers, body }: Notice,
  who: Readonly<{ adapter: WechatAdapter; merchant: SdkMerchant }>,
): Promise<Verdicts> {
  const raw = { account: 'taobao', headers, body: Buffer.from(body) };
  const { kind } = who.adapter.read(raw, systemTime.now());
  const call = body.includes('"REFUND.') ? 'refund_notice' : 'payment_notice';
  const said = await who.merchant.call(call, { headers, body });
  return {
    gateway: kind === 'unverified' ? 'refuses' : 'believes',
    sdk: said.answer === undefined ? 'refuses' : 'believes',
  };
}

describe("the gateway believes of the sandbox what WeChat's own SDK believes", () => {
  let outTradeNo: string;
  let genuine: Notice;
  beforeAll(async () => {
    genuine = await world.noticeOf(async () => {
      outTradeNo = (await world.paid()).attempt.attemptId;
    });
  });
  /** A notification of another payment, made wrong at WeChat. */
  const madeWrong = (fault: string) =>
    world.noticeOf(async () => {
      await world.sandbox.arm({ call: 'notify', fault });
      await world.paid();
    });
  const again = (signature: string) =>
    world.noticeOf(() =>
      world.sandbox.say('/control/wechat/notifications', { outTradeNo, copies: 1, signature }),
    );

  it('of a payment, however often it is told, and whatever its amount', async () => {
    expect(await verdicts(genuine, world)).toEqual(BELIEVED);
    expect(await verdicts(await again('good'), world)).toEqual(BELIEVED);
    // Which amount is right is not the signature's to say: the gateway compares, and asks.
    expect(await verdicts(await madeWrong('wrong_amount'), world)).toEqual(BELIEVED);
  });

  it('and of no forgery', async () => {
    for (const { what, notice } of wechatForgeries(genuine)) {
      expect({ what, ...(await verdicts(notice, world)) }).toEqual({ what, ...REFUSED });
    }
  });

  it('nor of what WeChat signs wrongly, probes with, or signs by a key that nobody knows', async () => {
    expect(await verdicts(await again('bad'), world)).toEqual(REFUSED);
    expect(await verdicts(await again('probe'), world)).toEqual(REFUSED);
    expect(await verdicts(await madeWrong('certificate_key'), world)).toEqual(REFUSED);
  });
});

/** WeChat asks merchants to refuse what is older; the SDK does so with answers, and leaves it to them here. */
const STALE: Verdicts = { gateway: 'refuses', sdk: 'believes' };
/** WeChat's documents let it be absent; the SDK falls over its own null. */
const UNPURPOSED: Verdicts = { gateway: 'believes', sdk: 'refuses' };

describe('of what is signed by its key, the gateway opens what the SDK opens', () => {
  const opened = new AsyncDisposableStack();
  let at = new Date();
  let wechat: ScriptedWechat;
  let who: Readonly<{ adapter: WechatAdapter; merchant: SdkMerchant }>;
  beforeAll(async () => {
    wechat = opened.use(await ScriptedWechat.start({ now: () => at }));
    const { serial: publicKeyId, publicKey } = SCRIPTED_KEY;
    const account = theAccount({ keys: new Map([[publicKeyId, publicKey]]) });
    const { adapter } = clientsOf({ baseUrl: wechat.url, timeoutMs: 1_000 }, systemTime, account);
    const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' });
    const { apiV3Key } = recorded.portal;
    who = { adapter, merchant: await world.merchantWith({ publicKeyId, publicKeyPem, apiV3Key }) };
  });
  afterAll(() => opened.disposeAsync());

  type Row = Readonly<{ what: string; sentS?: number; resource?: object; both: Verdicts }>;
  const told = JSON.stringify({ out_trade_no: 'x', out_refund_no: 'y', refund_status: 'SUCCESS' });
  const sealed = encrypted(told, 'refund');
  const [first = ''] = sealed.ciphertext;
  const turned = `${first === 'A' ? 'B' : 'A'}${sealed.ciphertext.slice(1)}`;
  it.each<Row>([
    { what: 'as it should be', both: BELIEVED },
    { what: 'almost five minutes old', sentS: -290, both: BELIEVED },
    { what: 'more than five minutes old', sentS: -305, both: STALE },
    { what: 'more than five minutes ahead', sentS: 305, both: STALE },
    { what: 'with another ciphertext', resource: { ciphertext: turned }, both: REFUSED },
    { what: 'with another nonce', resource: { nonce: '0'.repeat(12) }, both: REFUSED },
    { what: 'for another purpose', resource: { associated_data: 'other' }, both: REFUSED },
    {
      what: 'under another key',
      resource: encrypted(told, 'refund', 'k'.repeat(32)),
      both: REFUSED,
    },
    { what: 'in another algorithm', resource: { algorithm: 'AEAD_SM4_GCM' }, both: REFUSED },
    {
      what: 'without a purpose',
      resource: { ...encrypted(told, ''), associated_data: undefined },
      both: UNPURPOSED,
    },
    { what: 'with an empty purpose', resource: encrypted(told, ''), both: BELIEVED },
  ])('a notification $what', async ({ sentS = 0, resource, both }) => {
    at = new Date(Date.now() + sentS * 1_000);
    const body = JSON.stringify({
      id: 'n-1',
      create_time: '2026-11-24T16:00:02+08:00',
      event_type: 'REFUND.SUCCESS',
      resource_type: 'encrypt-resource',
      resource: { original_type: 'refund', ...sealed, ...resource },
    });

    expect(await verdicts({ headers: wechat.signed(body), body }, who)).toEqual(both);
  });
});
