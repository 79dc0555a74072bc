import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ok, refuse, type Result } from '@hutong/result';
import type { Logger } from '@hutong/telemetry';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { Faults } from '../faults/faults.js';
import {
  bodyOf,
  empty,
  providerServers,
  type ProviderServers,
} from '../wire/provider-servers.adapter.js';
import { throughWire } from '../wire/through-wire.adapter.js';
import { authenticate } from './authenticate.signature.js';
import { readCall, type Call, type ReadyCall } from './calls.js';
import { callPlanOf, type CallPlan } from './fault-plans.js';
import type { OrderBook } from './order-book.js';
import type { PlatformCertificates } from './platform-certificates.adapter.js';
import { wechatRefusal, type WechatRefusal } from './refusal.js';
import type { Reply } from './reply.js';
import { faultCallOf, routeOf, wantsUserAgentFirst, type Route } from './routes.js';
import type { PlatformKey, WechatAccount } from './wechat-accounts.adapter.js';
import type { WechatCashier } from './wechat-cashier.adapter.js';
import type { WechatRefunds } from './wechat-refunds.adapter.js';
import { signatureHeaders } from './wechat-headers.signature.js';

export type WechatApiParts = Readonly<{
  accounts: readonly WechatAccount[];
  certificates: PlatformCertificates;
  book: OrderBook;
  cashier: WechatCashier;
  refunds: WechatRefunds;
  /** Where payers find the pages, without a slash at the end. */
  pagesUrl: string;
  clock: SandboxClock;
  faults: Faults;
  logger: Logger;
}>;

export function wechatApi(
  parts: WechatApiParts,
  tls: Readonly<{ key: string; cert: string }>,
): ProviderServers {
  const api = new WechatApi(parts);
  return providerServers((request, response) => api.serve(request, response), {
    provider: 'wechat',
    tls,
    logger: parts.logger,
  });
}

class WechatApi {
  constructor(private readonly parts: WechatApiParts) {}

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const [path = '', search = ''] = url.split(/\?(.*)/s, 2);
    const route = routeOf(method, path);
    const body = await bodyOf(request);
    if (typeof route === 'number') return empty(response, route);
    if (body === undefined) return empty(response, 413);
    const { authorization, 'user-agent': userAgent } = request.headers;
    if (!userAgent && wantsUserAgentFirst(path)) {
      return refuseTo(response, badHeader('User-Agent is missing'));
    }
    const { accounts, clock } = this.parts;
    const account = authenticate({ method, url, authorization, body }, accounts, clock.now());
    if (!account.ok) return refuseTo(response, account.refusal);
    const key = keyFor(account.value, this.parts.certificates, request);
    if (!key.ok) return refuseTo(response, key.refusal);
    const query = new URLSearchParams(search);
    const call = this.ready(request, { route, account: account.value, query, body });
    if (!call.ok) return refuseTo(response, call.refusal);
    await this.perform(call.value, { route, account: account.value, key: key.value }, response);
  }

  private ready(request: IncomingMessage, call: Call): Result<ReadyCall, WechatRefusal> {
    const { accept, 'user-agent': userAgent, 'content-type': contentType } = request.headers;
    if (!accept || !userAgent) return refuse(badHeader('Accept or User-Agent is missing'));
    const isJson = /^application\/json\s*(;|$)/i.test(contentType ?? '');
    if (call.body.length > 0 && !isJson) {
      return refuse(badHeader('Content-Type is not application/json'));
    }
    return readCall(call);
  }

  /** Does what was asked, and everything that a fault does to it. */
  private async perform(
    ready: ReadyCall,
    who: Readonly<{ route: Route; account: WechatAccount; key: PlatformKey }>,
    response: ServerResponse,
  ): Promise<void> {
    const call = faultCallOf[who.route.to];
    const { outTradeNo } = ready;
    const plan = callPlanOf(call, this.parts.faults.take({ provider: 'wechat', call, outTradeNo }));
    await throughWire(plan, response, () => {
      const reply = plan.instead ?? this.do(ready, plan);
      if (plan.payAfterMs !== undefined && outTradeNo !== undefined && reply.kind === 'done') {
        this.payLater({ mchid: who.account.mchid, outTradeNo }, plan.payAfterMs);
      }
      return () => this.answer(response, plan.told ?? reply, who.key, plan);
    });
  }

  private do(ready: ReadyCall, { extraFen, refund: refundPlan }: CallPlan): Reply {
    const { clock, ...parts } = this.parts;
    const freshToken = randomBytes(10).toString('hex');
    const now = clock.moment();
    return ready.perform({ ...parts, now, freshToken, extraFen, refundPlan });
  }

  private payLater(order: Readonly<{ mchid: string; outTradeNo: string }>, ms: number): void {
    const timer = setTimeout(() => {
      this.parts.cashier.pay(order, { openid: undefined, late: true });
    }, ms);
    timer.unref();
  }

  private answer(
    response: ServerResponse,
    reply: Reply,
    key: PlatformKey,
    { signature }: CallPlan,
  ): void {
    if (reply.kind === 'refused') return refuseTo(response, reply.refusal);
    const body = Buffer.from(reply.body === undefined ? '' : JSON.stringify(reply.body));
    const nonce = randomBytes(16).toString('hex');
    const now = this.parts.clock.now();
    const headers = {
      ...signatureHeaders(body, { key, now, nonce, kind: signature }),
      ...requestId(0),
      ...(body.length > 0 && JSON_TYPE),
      ...(reply.status !== 204 && { 'Content-Length': body.length }),
    };
    response.writeHead(reply.status, headers).end(body);
  }
}

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' };

const requestId = (number: number) => ({
  'Request-ID': `${randomBytes(16).toString('hex').toUpperCase()}-${number}`,
});

/**
 * Public key for who asks for it by name, else the certificate that signs now: whatever is named, for
 * the official SDK fills this header before it knows any certificate.
 */
function keyFor(
  { publicKey }: WechatAccount,
  { signer }: PlatformCertificates,
  request: IncomingMessage,
): Result<PlatformKey, WechatRefusal> {
  const named = request.headers['wechatpay-serial'];
  if (named === publicKey.serial) return ok(publicKey);
  if (named?.includes('PUB_KEY_ID_')) {
    return refuse(badHeader('Wechatpay-Serial names a public key that is not this merchant’s'));
  }
  return ok(signer);
}

const badHeader = (issue: string): WechatRefusal =>
  wechatRefusal('INVALID_REQUEST', { issue, location: 'header' });

/** Refusals are never signed. */
function refuseTo(response: ServerResponse, refusal: WechatRefusal): void {
  const { status, code, message, detail, requestIdNumber } = refusal;
  const body = JSON.stringify({ code, message, ...(detail && { detail }) });
  const length = { 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { ...JSON_TYPE, ...length, ...requestId(requestIdNumber) }).end(body);
}
