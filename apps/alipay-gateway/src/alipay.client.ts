import type { Clock } from '@hutong/config';
import type { Logger } from '@hutong/telemetry';
import type { ClassConstructor } from 'class-transformer';
import { answerOf, type Answer } from './alipay.answer.js';
import { causeOf } from './alipay.codes.js';
import type { AlipayAccount } from './alipay.account.config.js';
import type { AlipayHttp } from './alipay.http.client.js';
import { signedRequest, signerOf, type Call } from './alipay.request.signature.js';
import { decrypted, isSignedAnswer } from './alipay.signature.js';
import {
  AlipayTrade,
  AnswerHead,
  CancelAnswer,
  CloseAnswer,
  parseWire,
  PayAnswer,
  PrecreateAnswer,
  RefundAnswer,
  RefundQueryAnswer,
} from './alipay.wire.js';

/** What one call came to. */
export type AlipayAnswer<W> =
  /** Verified. */
  | Readonly<{ kind: 'ok'; body: W }>
  /** Another code than 10000. Without a signature it can deny and delay, but never say what happened. */
  | Readonly<{ kind: 'error'; code: string; subCode: string; signed: boolean }>
  /** It cannot have arrived. */
  | Readonly<{ kind: 'not_sent'; cause: string }>
  /** It may have arrived; what came back, if anything, cannot be believed. */
  | Readonly<{ kind: 'unclear'; cause: string }>;

type Unclear = Extract<AlipayAnswer<never>, { kind: 'unclear' }>;
type Read = Readonly<{ kind: 'read'; text: string; signed: boolean }>;

const DONE = '10000';
/** What only people mend: our keys, our contract, our requests. */
const FOR_PEOPLE = ['20001', '40001', '40002', '40003', '40006'];

/** Alipay's gateway over HTTP: each request signed, each answer verified as it came. Decides nothing. */
export class AlipayClient {
  constructor(
    private readonly http: AlipayHttp,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  precreate(account: AlipayAccount, call: Call): Promise<AlipayAnswer<PrecreateAnswer>> {
    return this.ask(account, call, PrecreateAnswer);
  }

  /** By the code that a payer shows. */
  pay(account: AlipayAccount, call: Call): Promise<AlipayAnswer<PayAnswer>> {
    return this.ask(account, call, PayAnswer);
  }

  query(account: AlipayAccount, outTradeNo: string): Promise<AlipayAnswer<AlipayTrade>> {
    const asked = { out_trade_no: outTradeNo, query_options: ['fund_bill_list'] };
    return this.ask(account, callOf('alipay.trade.query', asked), AlipayTrade);
  }

  close(account: AlipayAccount, outTradeNo: string): Promise<AlipayAnswer<CloseAnswer>> {
    const call = callOf('alipay.trade.close', { out_trade_no: outTradeNo });
    return this.ask(account, call, CloseAnswer);
  }

  /** Of what a code in store pays: an open order ends, a paid one is given back, which people have to know. */
  async cancel(account: AlipayAccount, outTradeNo: string): Promise<AlipayAnswer<CancelAnswer>> {
    const call = callOf('alipay.trade.cancel', { out_trade_no: outTradeNo });
    const answer = await this.ask(account, call, CancelAnswer);
    if (answer.kind === 'ok' && answer.body.action === 'refund') {
      const about = { account: account.account, attemptId: outTradeNo };
      this.logger.error('cancel gave back what was paid a moment before', about);
    }
    return answer;
  }

  /** @param bizContent sent as it is: the same text is the same refund. */
  refund(account: AlipayAccount, bizContent: string): Promise<AlipayAnswer<RefundAnswer>> {
    return this.ask(account, { method: 'alipay.trade.refund', bizContent }, RefundAnswer);
  }

  queryRefund(
    account: AlipayAccount,
    asked: Readonly<{ outTradeNo: string; outRequestNo: string }>,
  ): Promise<AlipayAnswer<RefundQueryAnswer>> {
    const { outTradeNo: out_trade_no, outRequestNo: out_request_no } = asked;
    const content = { out_trade_no, out_request_no, query_options: ['gmt_refund_pay'] };
    const call = callOf('alipay.trade.fastpay.refund.query', content);
    return this.ask(account, call, RefundQueryAnswer);
  }

  private async ask<W extends object>(
    account: AlipayAccount,
    call: Call,
    shape: ClassConstructor<W>,
  ): Promise<AlipayAnswer<W>> {
    const heard = await this.http.send(signedRequest(call, signerOf(account, this.clock.now())));
    if (heard.kind !== 'answer') return heard;
    const { status, body } = heard.answer;
    if (status !== 200) return { kind: 'unclear', cause: `http_${status}` };
    const read = this.read(account, utf8(body), call.method);
    if (read.kind !== 'read') return read;
    const head = parseWire(AnswerHead, read.text);
    if (head === undefined) return { kind: 'unclear', cause: 'unreadable_answer' };
    if (head.code !== DONE) return this.refused(account, head, read.signed);
    // Done, says somebody: only Alipay's signature makes it so.
    if (!read.signed) return { kind: 'unclear', cause: 'unverifiable_answer' };
    const wire = parseWire(shape, read.text);
    return wire === undefined
      ? { kind: 'unclear', cause: 'unreadable_answer' }
      : { kind: 'ok', body: wire };
  }

  /** What came, if it came from Alipay, or without any signature at all. A wrong one is nobody's word. */
  private read(account: AlipayAccount, text: string | undefined, method: string): Read | Unclear {
    const answer = text === undefined ? undefined : answerOf(text, method);
    if (answer === undefined) return { kind: 'unclear', cause: 'unreadable_answer' };
    const { sign, certificateSn, signedPart } = answer;
    const signed =
      sign !== undefined && isSignedAnswer(signedPart, { sign, certificateSn }, account.keys);
    if (sign !== undefined && !signed) return { kind: 'unclear', cause: 'unverifiable_answer' };
    const content = contentIn(answer, account);
    return content === undefined
      ? { kind: 'unclear', cause: 'unreadable_answer' }
      : { kind: 'read', text: content, signed };
  }

  private refused(
    { account }: AlipayAccount,
    { code, sub_code: subCode = '' }: AnswerHead,
    signed: boolean,
  ): AlipayAnswer<never> {
    if (FOR_PEOPLE.includes(code)) {
      this.logger.error('alipay takes no request of ours', {
        account,
        code: causeOf({ code, subCode }),
      });
    }
    return { kind: 'error', code, subCode, signed };
  }
}

const callOf = (method: string, content: object): Call => ({
  method,
  bizContent: JSON.stringify(content),
});

/** The answer's JSON text, opened if it is encrypted: then the quoted ciphertext is what was signed. */
function contentIn({ signedPart }: Answer, { contentKey }: AlipayAccount): string | undefined {
  if (!signedPart.startsWith('"')) return signedPart;
  const ciphertext: unknown = JSON.parse(signedPart);
  return contentKey === undefined || typeof ciphertext !== 'string'
    ? undefined
    : decrypted(ciphertext, contentKey.reveal());
}

/** We ask for UTF-8; a page in another encoding is no answer. */
function utf8(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}
