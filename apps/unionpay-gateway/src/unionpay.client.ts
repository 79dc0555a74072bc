import type { Clock } from '@hutong/config';
import type { Form } from '@hutong/form';
import type { Logger } from '@hutong/telemetry';
import type { ClassConstructor } from 'class-transformer';
import { answerOf } from './unionpay.answer.js';
import type { SigningCertificates } from './unionpay.certificates.signature.js';
import { causeOf, isForPeople, isResultCode, meaningOf } from './unionpay.codes.js';
import type { UnionpayAccount } from './unionpay.account.config.js';
import type { UnionpayHttp } from './unionpay.http.client.js';
import { COMMON, routes } from './unionpay.mapping.js';
import { signed } from './unionpay.signature.js';
import { AnswerHead, AppAnswer, parseWire, QrAnswer, QueryAnswer } from './unionpay.wire.js';

/** What one call came to. */
export type UnionpayAnswer<W> =
  /** Verified, about what was asked, and answered by 00. */
  | Readonly<{ kind: 'ok'; body: W }>
  /** The same, answered by another code: most of them say that nobody knows. */
  | Readonly<{ kind: 'refused'; code: string }>
  /** It cannot have arrived. */
  | Readonly<{ kind: 'not_sent'; cause: string }>
  /** It may have arrived; what came back, if anything, cannot be believed. */
  | Readonly<{ kind: 'unclear'; cause: string }>;

type Unclear = Extract<UnionpayAnswer<never>, { kind: 'unclear' }>;

/** How a transaction is known: all three together. */
export type Identity = Readonly<{ merId: string; orderId: string; txnTime: string }>;

const QUERY = '/gateway/api/queryTrans.do';
const { path: BACK } = routes.qr;

/** UnionPay's ACP over HTTP: each request signed, each answer cut, verified and compared. Decides nothing. */
export class UnionpayClient {
  constructor(
    private readonly http: UnionpayHttp,
    private readonly certificates: SigningCertificates,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** An order that an app is started with. @param form not signed yet. */
  app(account: UnionpayAccount, form: Form): Promise<UnionpayAnswer<AppAnswer>> {
    return this.ask(account, { path: routes.app.path, form }, AppAnswer);
  }

  /** An order whose code the payer scans. */
  qr(account: UnionpayAccount, form: Form): Promise<UnionpayAnswer<QrAnswer>> {
    return this.ask(account, { path: BACK, form }, QrAnswer);
  }

  /** What is accepted now and done later: a payer's code, a refund, an undo. */
  accept(account: UnionpayAccount, form: Form): Promise<UnionpayAnswer<AnswerHead>> {
    return this.ask(account, { path: BACK, form }, AnswerHead);
  }

  /** What became of an order, a refund or an undo. */
  query(account: UnionpayAccount, identity: Identity): Promise<UnionpayAnswer<QueryAnswer>> {
    const types = { txnType: '00', txnSubType: '00', bizType: '000000' };
    return this.ask(
      account,
      { path: QUERY, form: { ...COMMON, ...types, ...identity } },
      QueryAnswer,
    );
  }

  private async ask<W extends object>(
    account: UnionpayAccount,
    { path, form }: Readonly<{ path: string; form: Form }>,
    shape: ClassConstructor<W>,
  ): Promise<UnionpayAnswer<W>> {
    const heard = await this.http.send(path, signed(form, account));
    if (heard.kind !== 'answer') return heard;
    const { status, body } = heard.answer;
    if (status !== 200) return unclear(`http_${status}`);
    const said = answerOf(utf8(body) ?? '');
    if (said === undefined) return unclear('unreadable_answer');
    const verified = this.certificates.verify(said, account.trust, this.clock.now());
    if (!verified.ok) return this.unverified(account, said);
    const head = parseWire(AnswerHead, said);
    if (head === undefined) return unclear('unreadable_answer');
    if (!isAbout(head, form)) return unclear('answer_of_other_order');
    const { respCode: code } = head;
    if (isForPeople(code)) this.alarm(account, code);
    if (meaningOf(code).is !== 'done') return { kind: 'refused', code };
    const wire = parseWire(shape, said);
    return wire === undefined ? unclear('unreadable_answer') : { kind: 'ok', body: wire };
  }

  /** Whether refusals of our form or signature are always signed nobody says: they are told to people. */
  private unverified(account: UnionpayAccount, { respCode, signature }: Form): Unclear {
    if (!signature && isResultCode(respCode) && isForPeople(respCode))
      this.alarm(account, respCode);
    return unclear('unverifiable_answer');
  }

  private alarm({ account }: UnionpayAccount, code: string): void {
    this.logger.error('unionpay takes no request of ours', { account, code: causeOf(code) });
  }
}

const unclear = (cause: string): Unclear => ({ kind: 'unclear', cause });

const isAbout = ({ merId, orderId, txnTime }: AnswerHead, asked: Form): boolean =>
  merId === asked['merId'] && orderId === asked['orderId'] && txnTime === asked['txnTime'];

function utf8(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}
