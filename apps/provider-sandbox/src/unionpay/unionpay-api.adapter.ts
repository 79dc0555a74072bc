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
import { isPath } from './routes.js';
import { sealed, type Signer } from './sealed.signature.js';
import type { SigningCertificates } from './signing-certificates.adapter.js';
import type { UnionpayAccount } from './unionpay-accounts.adapter.js';
import type { Fields } from './unionpay.signature.js';

export type UnionpayApiParts = Pick<CallWorld, 'book' | 'cashier' | 'codes' | 'refunds' | 'polls'> &
  Readonly<{
    accounts: readonly UnionpayAccount[];
    certificates: SigningCertificates;
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
    const call = this.ready(url, fields);
    if (call.ok) return this.perform(call.value, fields ?? {}, response);
    const signer = await this.parts.certificates.signerFor('good');
    write(response, sealed(answerTo(fields ?? {}, call.refusal), signer, 'good'));
  }

  private ready(url: string, fields: Fields | undefined): Result<ReadyCall, Refusal> {
    if (fields === undefined) return refuse({ code: '10', issue: 'the body is not a form' });
    const account = authenticate(fields, this.parts.accounts);
    return account.ok ? readCall(url, fields) : account;
  }

  /** Does what was asked, and everything that a fault does to it. */
  private async perform(call: ReadyCall, asked: Fields, response: ServerResponse): Promise<void> {
    const { faultCall, orderId } = call;
    const occasion = { provider: 'unionpay', call: faultCall, outTradeNo: orderId };
    const plan = callPlanOf(faultCall, this.parts.faults.take(occasion));
    const signer = await this.parts.certificates.signerFor(plan.signing);
    await throughWire(plan, response, () => {
      const done = plan.instead ?? this.do(call, plan);
      return () => answer(response, replyOf(plan.told ?? done, asked), { plan, signer });
    });
  }

  private do(call: ReadyCall, plan: CallPlan): Reply {
    const { clock, ...parts } = this.parts;
    const freshDigits = Array.from({ length: 20 }, () => randomInt(10)).join('');
    const time = { now: clock.moment(), gapMs: clock.gapMs() };
    return call.perform({ ...parts, ...time, freshDigits, plan });
  }
}

const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;

const replyOf = (answered: Reply | Instead, asked: Fields): Reply | number => {
  if ('httpStatus' in answered) return answered.httpStatus;
  return 'code' in answered ? { fields: answerTo(asked, answered) } : answered;
};

function answer(
  response: ServerResponse,
  reply: Reply | number,
  { plan, signer }: Readonly<{ plan: CallPlan; signer: Signer }>,
): void {
  if (typeof reply === 'number') return empty(response, reply);
  const said = plan.unbalanced ? { ...reply.fields, reserved: '{payApp=' } : reply.fields;
  write(response, sealed(said, signer, plan.signing));
}

/** Neither encoded nor called a form. */
function write(response: ServerResponse, fields: Fields): void {
  const body = Buffer.from(rawText(fields));
  const headers = { 'Content-Type': 'text/plain;charset=UTF-8', 'Content-Length': body.length };
  response.writeHead(200, headers).end(body);
}
