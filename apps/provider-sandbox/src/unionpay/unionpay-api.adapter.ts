import { randomInt } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse, type Result } from '@hutong/result';
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
import { answerTo } from './answer.js';
import { authenticate } from './authenticate.js';
import { readCall, type CallWorld, type ReadyCall, type Reply } from './calls.js';
import { callPlanOf, type CallPlan, type Instead } from './fault-plans.js';
import { rawText, readForm } from './message.js';
import type { Refusal } from './result-code.js';
import { isFront, isPath } from './routes.js';
import { sealed, type Signer } from './sealed.signature.js';
import type { SigningCertificates } from './signing-certificates.adapter.js';
import type { UnionpayAccount } from './unionpay-accounts.adapter.js';
import { payLink } from './unionpay-pages.js';
import type { Fields } from './unionpay.signature.js';

export type UnionpayApiParts = Pick<CallWorld, 'book' | 'cashier' | 'codes' | 'refunds' | 'polls'> &
  Readonly<{
    accounts: readonly UnionpayAccount[];
    certificates: SigningCertificates;
    /** Where payers find the pages, without a slash at the end. */
    pagesUrl: string;
    clock: SandboxClock;
    faults: Faults;
    logger: Logger;
  }>;

/** UnionPay's ACP 5.1.0: forms in, raw text out, and every answer signed, refusals too. */
export function unionpayApi(
  parts: UnionpayApiParts,
  tls: Readonly<{ key: string; cert: string }>,
): ProviderServers {
  const api = new UnionpayApi(parts);
  return providerServers((request, response) => api.serve(request, response), {
    provider: 'unionpay',
    tls,
    logger: parts.logger,
  });
}

class UnionpayApi {
  constructor(private readonly parts: UnionpayApiParts) {}

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const body = await bodyOf(request);
    if (!isPath(url)) return empty(response, 404);
    if (method !== 'POST') return empty(response, 405);
    if (body === undefined) return empty(response, 413);
    if (!FORM.test(headers['content-type'] ?? '')) return empty(response, 415);
    const fields = readForm(body.toString('latin1'));
    const exchange: Exchange = { isFront: isFront(url), asked: fields ?? {}, response };
    const call = this.ready(url, fields);
    if (call.ok) return this.perform(call.value, exchange);
    const manner = { ...AS_IT_IS, signer: await this.parts.certificates.signerFor('good') };
    this.answer(exchange, { fields: answerTo(exchange.asked, call.refusal) }, manner);
  }

  private ready(url: string, fields: Fields | undefined): Result<ReadyCall, Refusal> {
    if (fields === undefined) return refuse({ code: '10', issue: 'the body is not a form' });
    const account = authenticate(fields, this.parts.accounts);
    return account.ok ? readCall(url, fields) : account;
  }

  /** Does what was asked, and everything that a fault does to it. */
  private async perform(call: ReadyCall, exchange: Exchange): Promise<void> {
    const { faultCall, orderId } = call;
    const occasion = { provider: 'unionpay', call: faultCall, outTradeNo: orderId };
    const plan = callPlanOf(faultCall, this.parts.faults.take(occasion));
    const manner = { ...plan, signer: await this.parts.certificates.signerFor(plan.signing) };
    await throughWire(plan, exchange.response, () => {
      const done = plan.instead ?? this.do(call, plan);
      return () => this.answer(exchange, plan.told ?? done, manner);
    });
  }

  private do(call: ReadyCall, plan: CallPlan): Reply {
    const { clock, ...parts } = this.parts;
    const freshDigits = Array.from({ length: 20 }, () => randomInt(10)).join('');
    const time = { now: clock.moment(), gapMs: clock.gapMs() };
    return call.perform({ ...parts, ...time, freshDigits, plan });
  }

  private answer(
    { isFront, asked, response }: Exchange,
    answered: Reply | Instead,
    manner: Manner,
  ): void {
    if ('httpStatus' in answered) return empty(response, answered.httpStatus);
    const reply = 'code' in answered ? { fields: answerTo(asked, answered) } : answered;
    if (isFront) return lead(response, `${this.parts.pagesUrl}${pageOf(reply)}`);
    const { signer, signing, unbalanced } = manner;
    const said = unbalanced ? { ...reply.fields, reserved: '{payApp=' } : reply.fields;
    write(response, sealed(said, signer, signing));
  }
}

/** Who is to be answered, and with what request. */
type Exchange = Readonly<{ isFront: boolean; asked: Fields; response: ServerResponse }>;
type Manner = Pick<CallPlan, 'signing' | 'unbalanced'> & Readonly<{ signer: Signer }>;

const AS_IT_IS = { signing: 'good', unbalanced: false } as const;
const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/** Where a browser sees what became of its request. */
const pageOf = ({ page, fields }: Reply): string =>
  page === undefined ? `/unionpay/refused?code=${fields['respCode'] ?? ''}` : payLink(page.opensBy);

const lead = (response: ServerResponse, url: string): void => {
  response.writeHead(302, { Location: url, 'Content-Length': 0 }).end();
};

/** Neither encoded nor called a form. */
function write(response: ServerResponse, fields: Fields): void {
  const body = Buffer.from(rawText(fields));
  const headers = { 'Content-Type': 'text/plain;charset=UTF-8', 'Content-Length': body.length };
  response.writeHead(200, headers).end(body);
}
