import type { Clock } from '@hutong/config';
import { ok, type Result } from '@hutong/result';
import type { ClassConstructor } from 'class-transformer';
import type { PlatformKeys } from './wechat.certificates.client.js';
import type { WechatAccount } from './wechat.account.config.js';
import type { Call, WechatHttp } from './wechat.http.client.js';
import { verifySigned, type SignatureRefusal, type SignedHeaders } from './wechat.signature.js';
import {
  ErrorWire,
  H5Answer,
  NativeAnswer,
  parseWire,
  PrepaidAnswer,
  WechatRefund,
  WechatTransaction,
} from './wechat.wire.js';

/** What one call came to. Only `ok` was verified. */
export type WechatAnswer<W> =
  | Readonly<{ kind: 'ok'; body: W }>
  /** WeChat says no, or that it cannot. Never signed, so it can deny and delay, but never say "paid". */
  | Readonly<{ kind: 'error'; status: number; code: string }>
  /** It cannot have arrived. */
  | Readonly<{ kind: 'not_sent'; cause: string }>
  /** It may have arrived; what came back, if anything, cannot be believed. */
  | Readonly<{ kind: 'unclear'; cause: string }>;

/** An order by our number, and the merchant whose it is. */
type Order = Readonly<{ outTradeNo: string; mchid: string }>;

const ORDERS = '/v3/pay/transactions';
const REFUNDS = '/v3/refund/domestic/refunds';

/** WeChat's API over HTTP: each request signed, each 2xx verified. Decides nothing. */
export class WechatClient {
  constructor(
    private readonly http: WechatHttp,
    private readonly keys: PlatformKeys,
    private readonly clock: Clock,
  ) {}

  /** @param body sent as it is: the same bytes are the same order. */
  createNative(account: WechatAccount, body: Uint8Array): Promise<WechatAnswer<NativeAnswer>> {
    return this.ask(account, { method: 'POST', url: `${ORDERS}/native`, body }, NativeAnswer);
  }

  createH5(account: WechatAccount, body: Uint8Array): Promise<WechatAnswer<H5Answer>> {
    return this.ask(account, { method: 'POST', url: `${ORDERS}/h5`, body }, H5Answer);
  }

  /** For mini programs too: `jsapi` is the name of both. */
  createPrepaid(
    account: WechatAccount,
    kind: 'app' | 'jsapi',
    body: Uint8Array,
  ): Promise<WechatAnswer<PrepaidAnswer>> {
    return this.ask(account, { method: 'POST', url: `${ORDERS}/${kind}`, body }, PrepaidAnswer);
  }

  query(
    account: WechatAccount,
    { outTradeNo, mchid }: Order,
  ): Promise<WechatAnswer<WechatTransaction>> {
    const url = `${ORDERS}/out-trade-no/${encodeURIComponent(outTradeNo)}?mchid=${encodeURIComponent(mchid)}`;
    return this.ask(account, { method: 'GET', url }, WechatTransaction);
  }

  /** Answered by 204 and nothing else, signed like everything. */
  async close(
    account: WechatAccount,
    { outTradeNo, mchid }: Order,
  ): Promise<WechatAnswer<undefined>> {
    const url = `${ORDERS}/out-trade-no/${encodeURIComponent(outTradeNo)}/close`;
    const body = new TextEncoder().encode(JSON.stringify({ mchid }));
    const answer = await this.call(account, { method: 'POST', url, body });
    if (answer.kind !== 'verified') return answer;
    return answer.status === 204
      ? { kind: 'ok', body: undefined }
      : { kind: 'unclear', cause: `http_${answer.status}` };
  }

  /** @param body sent as it is: the same bytes are the same refund. */
  refund(account: WechatAccount, body: Uint8Array): Promise<WechatAnswer<WechatRefund>> {
    return this.ask(account, { method: 'POST', url: REFUNDS, body }, WechatRefund);
  }

  queryRefund(account: WechatAccount, outRefundNo: string): Promise<WechatAnswer<WechatRefund>> {
    const url = `${REFUNDS}/${encodeURIComponent(outRefundNo)}`;
    return this.ask(account, { method: 'GET', url }, WechatRefund);
  }

  private async ask<W extends object>(
    account: WechatAccount,
    call: Call,
    shape: ClassConstructor<W>,
  ): Promise<WechatAnswer<W>> {
    const answer = await this.call(account, call);
    if (answer.kind !== 'verified') return answer;
    const { status, body } = answer;
    if (status !== 200) return { kind: 'unclear', cause: `http_${status}` };
    const wire = parseWire(shape, body);
    return wire === undefined
      ? { kind: 'unclear', cause: 'unreadable_answer' }
      : { kind: 'ok', body: wire };
  }

  private async call(
    account: WechatAccount,
    call: Call,
  ): Promise<
    | Exclude<WechatAnswer<never>, { kind: 'ok' }>
    | Readonly<{ kind: 'verified'; status: number; body: Uint8Array }>
  > {
    await this.keys.freshen(account.account);
    const heard = await this.http.send(account, call);
    if (heard.kind !== 'answer') return heard;
    const { status, body } = heard.answer;
    if (status < 200 || status > 299) return { kind: 'error', status, code: codeIn(body) };
    const verified = await this.verify(account, body, Object.fromEntries(heard.answer.headers));
    return verified.ok
      ? { kind: 'verified', status, body }
      : { kind: 'unclear', cause: 'unverifiable_answer' };
  }

  /** A key that nobody knows may be WeChat's next one: the certificates are downloaded again, once. */
  private async verify(
    account: WechatAccount,
    body: Uint8Array,
    headers: SignedHeaders,
  ): Promise<Result<true, SignatureRefusal>> {
    const verified = () =>
      verifySigned(body, headers, { keys: this.keys.ringOf(account), now: this.clock.now() });
    const first = verified();
    if (first.ok) return ok(true);
    if (first.refusal !== 'unknown_key') return first;
    await this.keys.refresh(account.account);
    return verified();
  }
}

/** Empty if there is none: unknown paths and methods are answered without a body. */
const codeIn = (body: Uint8Array): string => parseWire(ErrorWire, body)?.code ?? '';
