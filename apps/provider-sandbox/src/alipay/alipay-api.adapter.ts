import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Result } from '@hutong/result';
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
import type { AlipayAccount } from './alipay-accounts.adapter.js';
import type { AlipayCashier } from './alipay-cashier.adapter.js';
import type { AlipayRefunds } from './alipay-refunds.adapter.js';
import type { AlipaySigners } from './alipay-signers.adapter.js';
import { answerDocument } from './answer.signature.js';
import { authenticate, type Caller } from './authenticate.signature.js';
import type { ReadyCall } from './calls.js';
import { readCertificateDownload } from './certificate-call.js';
import { errorPage } from './error-page.js';
import { callPlanOf, type CallPlan } from './fault-plans.js';
import { isMethod, nodeNameOf, routeOf, type ApiTo } from './methods.js';
import { readClose, readPay, readPrecreate, readQuery } from './order-calls.js';
import { readParameters } from './parameters.js';
import { readCancel, readRefund, readRefundQuery } from './refund-calls.js';
import { alipayRefusal, isSignedThough, type AlipayRefusal } from './refusal.js';
import { nodeOf, refused, type Reply } from './reply.js';
import type { TradeBook } from './trade-book.js';

export type AlipayApiParts = Readonly<{
  accounts: readonly AlipayAccount[];
  signers: AlipaySigners;
  book: TradeBook;
  cashier: AlipayCashier;
  refunds: AlipayRefunds;
  /** Where payers find the pages, without a slash at the end. */
  pagesUrl: string;
  clock: SandboxClock;
  faults: Faults;
  logger: Logger;
}>;

export function alipayApi(
  parts: AlipayApiParts,
  tls: Readonly<{ key: string; cert: string }>,
): ProviderServers {
  const api = new AlipayApi(parts);
  return providerServers((request, response) => api.serve(request, response), {
    provider: 'alipay',
    tls,
    logger: parts.logger,
  });
}

const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/** One address for everything: which call it is stands in the parameters. */
class AlipayApi {
  constructor(private readonly parts: AlipayApiParts) {}

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', search = ''] = (request.url ?? '').split(/\?(.*)/s, 2);
    const body = await bodyOf(request);
    if (path !== '/gateway.do') return empty(response, 404);
    if (request.method !== 'GET' && request.method !== 'POST') return empty(response, 405);
    if (body === undefined) return empty(response, 413);
    const isForm = FORM.test(request.headers['content-type'] ?? '');
    const parameters = readParameters(search, isForm ? body.toString() : '');
    if (parameters === undefined) {
      return refuseTo(response, 'error_response', alipayRefusal('isv.invalid-parameter'));
    }
    const method = parameters.get('method') ?? '';
    const { accounts, clock } = this.parts;
    const caller = authenticate(parameters, accounts, clock.now());
    const isPage = isMethod(method) && routeOf(method).to === 'page';
    if (isPage) return this.open(response, caller);
    const name = isMethod(method) ? nodeNameOf(method) : 'error_response';
    if (!caller.ok) return refuseTo(response, name, caller.refusal);
    const { to } = routeOf(caller.value.method);
    if (to === 'client' || to === 'page') {
      const why = 'this order is for a client: it is not sent here';
      return refuseTo(response, name, alipayRefusal('isv.invalid-method', why));
    }
    await this.perform(to, caller.value, response);
  }

  /** A browser comes with what the merchant signed: there is a trade now, and a page to pay it on. */
  private open(response: ServerResponse, caller: Result<Caller, AlipayRefusal>): void {
    const opened = caller.ok ? this.parts.cashier.openFor(caller.value) : caller;
    if (!opened.ok) return showPage(response, errorPage(opened.refusal));
    const location = `${this.parts.pagesUrl}/alipay/cashier?trade_no=${opened.value.tradeNo}`;
    response.writeHead(302, { Location: location, 'Content-Length': 0 }).end();
  }

  /** Does what was asked, and everything that a fault does to it. */
  private async perform(to: ApiTo, caller: Caller, response: ServerResponse): Promise<void> {
    const read = readers[to](caller);
    if (!read.ok) return this.answer(response, caller, refused(read.refusal), 'good');
    const { outTradeNo } = read.value;
    const fault = this.parts.faults.take({ provider: 'alipay', call: to, outTradeNo });
    const plan = callPlanOf(to, fault);
    await throughWire(plan, response, () => {
      const reply = plan.instead ?? this.do(read.value, plan);
      if (plan.payAfterMs !== undefined && reply !== 'http_500' && reply.kind === 'done') {
        this.payLater(String(reply.node['trade_no']), plan.payAfterMs);
      }
      return () => {
        const said = plan.told ?? reply;
        if (said === 'http_500') showError(response);
        else this.answer(response, caller, said, plan.signature);
      };
    });
  }

  private do(ready: ReadyCall, plan: CallPlan): Reply {
    const { clock, book, cashier, refunds, signers } = this.parts;
    const freshToken = randomBytes(10).toString('hex');
    return ready.perform({
      book,
      cashier,
      refunds,
      signers,
      now: clock.moment(),
      freshToken,
      plan,
    });
  }

  private answer(
    response: ServerResponse,
    { method, account, keys, encrypts }: Caller,
    reply: Reply,
    signature: CallPlan['signature'],
  ): void {
    const name = nodeNameOf(method);
    if (reply.kind === 'refused' && !isSignedThough(reply.refusal)) {
      return refuseTo(response, name, reply.refusal);
    }
    const { privateKey: key, certificate } = this.parts.signers.of(account, keys);
    const document = answerDocument({
      name,
      node: nodeOf(reply),
      key,
      certSn: certificate?.number,
      aesKey: encrypts ? account.aesKey : undefined,
      signature,
    });
    send(response, document);
  }

  private payLater(tradeNo: string, ms: number): void {
    const timer = setTimeout(() => {
      this.parts.cashier.pay(tradeNo, { wallet: 'alipay', late: true });
    }, ms);
    timer.unref();
  }
}

const readers = {
  precreate: readPrecreate,
  pay: readPay,
  query: readQuery,
  close: readClose,
  cancel: readCancel,
  refund: readRefund,
  query_refund: readRefundQuery,
  certificate: readCertificateDownload,
} as const;

/** JSON, whatever its type says; refusals are 200 too. */
const JSON_AS_TEXT = { 'Content-Type': 'text/html;charset=utf-8' };

/** What the gateway itself refuses is not signed. */
const refuseTo = (response: ServerResponse, name: string, refusal: AlipayRefusal): void =>
  send(response, JSON.stringify({ [name]: nodeOf(refused(refusal)) }));

const send = (response: ServerResponse, document: string): void => {
  const length = { 'Content-Length': Buffer.byteLength(document) };
  response.writeHead(200, { ...JSON_AS_TEXT, ...length }).end(document);
};

const showPage = (response: ServerResponse, page: Uint8Array): void => {
  const type = { 'Content-Type': 'text/html;charset=GBK' };
  response.writeHead(200, { ...type, 'Content-Length': page.length }).end(page);
};

const showError = (response: ServerResponse): void => {
  const page = '<html><body>500 Internal Server Error</body></html>';
  response.writeHead(500, { 'Content-Type': 'text/html', 'Content-Length': page.length }).end(page);
};
