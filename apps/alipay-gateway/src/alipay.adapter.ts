import type { Clock } from '@hutong/config';
import type { Action } from '@hutong/domain-events';
import { formOf, formText, type Form } from '@hutong/form';
import type {
  Accounts,
  AttemptReport,
  CloseReport,
  ClosingPort,
  GatewayPort,
  Notification,
  Paid,
  Prepared,
  PreparedRefund,
  PrepareRefusal,
  RawNotification,
  RefundedOrder,
  RefundingPort,
  RefundQueryReport,
  RefundSendReport,
  RequestedAttempt,
  RequestedRefund,
  SealedFields,
  SubmitReport,
  Unverified,
} from '@hutong/gateway';
import { assertNever, refuse, type Result } from '@hutong/result';
import type { AlipayClient } from './alipay.client.js';
import type { AlipayAccount } from './alipay.account.config.js';
import type { AlipayApi } from './alipay.config.js';
import {
  isRefusedUnexplained,
  toCloseReport,
  toQueryReport,
  toRefundQueryReport as toFailedRefundQuery,
  toRefundSendReport,
  toSubmitReport,
  WAITING,
  type Unusable,
} from './alipay.errors.js';
import {
  comesWithThePayer,
  kindOfPrepared,
  methodNames,
  paidReport,
  qrAction,
  toAttemptReport,
  toOrder,
} from './alipay.mapping.js';
import { toNotification } from './alipay.notices.js';
import { toRefundOrder, toRefundQueryReport, toRefundReport } from './alipay.refunds.js';
import { requestUrl, signedRequest, signerOf, type Call } from './alipay.request.signature.js';
import { claimsOf, isKnownKey, isSigned, notificationText, SIGN_TYPE } from './alipay.signature.js';

const ACCOUNT_UNKNOWN = 'account_unknown';
const OF_OTHER_ORDER = { kind: 'unknown', cause: 'answer_of_other_order' } as const;

/** Alipay's OpenAPI, V2: browsers, apps, codes to scan and codes shown in store. */
export class AlipayAdapter implements GatewayPort, ClosingPort, RefundingPort {
  constructor(
    private readonly client: AlipayClient,
    private readonly accounts: Pick<Accounts<AlipayAccount>, 'named'>,
    private readonly api: Pick<AlipayApi, 'cashier'>,
    private readonly clock: Clock,
  ) {}

  prepare(
    attempt: RequestedAttempt,
    at: Date,
    payer: SealedFields,
  ): Result<Prepared, PrepareRefusal> {
    const account = this.accounts.named(attempt.account);
    if (account === undefined) return refuse({ code: ACCOUNT_UNKNOWN });
    return toOrder(attempt, account, { at, payer });
  }

  /** For browsers and apps nothing is sent: what the payer opens is signed here. */
  async submit(prepared: Prepared): Promise<SubmitReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'not_sent', cause: ACCOUNT_UNKNOWN };
    const kind = kindOfPrepared(prepared);
    switch (kind) {
      case 'page':
      case 'wap':
        return shown({
          type: 'redirect',
          url: requestUrl(this.api.cashier, this.signed(prepared, account)),
          validUntil: prepared.expiresAt,
        });
      case 'app':
        return shown({
          type: 'app',
          parameters: { orderString: formText(this.signed(prepared, account)) },
          validUntil: prepared.expiresAt,
        });
      case 'precreate':
        return this.precreate(prepared, account);
      case 'pay':
        return this.pay(prepared, account);
      default:
        return assertNever(kind);
    }
  }

  async query(prepared: Prepared, taken?: Paid): Promise<AttemptReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'unknown', cause: ACCOUNT_UNKNOWN };
    // Before it is asked: a payer may come in time while the answer is on its way.
    const isOver = this.clock.now() >= prepared.expiresAt;
    const answer = await this.client.query(account, prepared.attemptId);
    if (answer.kind === 'ok') {
      return isOurs(answer.body, prepared)
        ? toAttemptReport(answer.body, prepared, taken)
        : OF_OTHER_ORDER;
    }
    return toQueryReport(answer, { stillToCome: comesWithThePayer(prepared) && !isOver });
  }

  /**
   * Ends what is not paid. What a code shown in store pays is cancelled where nobody knows whether it was
   * ever made and asking has no answer either: a cancel also gives back what was taken, and so is asked for
   * of nothing that a question can tell of.
   */
  async close(prepared: Prepared, inDoubt = false): Promise<CloseReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'unknown', cause: ACCOUNT_UNKNOWN };
    if (inDoubt && this.mayGiveBack(prepared)) {
      const asked = await this.client.query(account, prepared.attemptId);
      if (asked.kind !== 'ok' && saysNothing(asked)) return this.cancel(prepared, account);
      const isOpen = asked.kind === 'ok' && asked.body.trade_status === 'WAIT_BUYER_PAY';
      if (!isOpen) return { kind: 'settled', cause: 'trade_told' };
    }
    const answer = await this.client.close(account, prepared.attemptId);
    return answer.kind === 'ok' ? { kind: 'closed' } : toCloseReport(answer);
  }

  mayGiveBack(prepared: Prepared): boolean {
    return !comesWithThePayer(prepared);
  }

  prepareRefund(
    refund: RequestedRefund,
    order: RefundedOrder,
  ): Result<PreparedRefund, PrepareRefusal> {
    const account = this.accounts.named(refund.account);
    if (account === undefined) return refuse({ code: ACCOUNT_UNKNOWN });
    return toRefundOrder(refund, order);
  }

  async refund(prepared: PreparedRefund): Promise<RefundSendReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'not_sent', cause: ACCOUNT_UNKNOWN };
    const answer = await this.client.refund(account, textOf(prepared));
    if (answer.kind !== 'ok') return toRefundSendReport(answer);
    return isOurs(answer.body, prepared)
      ? toRefundReport(answer.body, prepared, this.clock.now())
      : OF_OTHER_ORDER;
  }

  async queryRefund(prepared: PreparedRefund): Promise<RefundQueryReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'unknown', cause: ACCOUNT_UNKNOWN };
    const { attemptId: outTradeNo, refundId: outRequestNo } = prepared;
    const answer = await this.client.queryRefund(account, { outTradeNo, outRequestNo });
    return answer.kind === 'ok'
      ? toRefundQueryReport(answer.body, prepared, this.clock.now())
      : toFailedRefundQuery(answer);
  }

  read(raw: RawNotification): Notification {
    const form = formOf(raw.body);
    const unverified = (reason: Unverified): Notification => {
      return { kind: 'unverified', reason, claims: claimsOf(form ?? {}) };
    };
    const account = this.accounts.named(raw.account);
    if (account === undefined) return unverified(ACCOUNT_UNKNOWN);
    if (form === undefined) return unverified('malformed');
    const { sign, sign_type, alipay_cert_sn: certificateSn } = form;
    if (sign === undefined) return unverified('headers_missing');
    if (sign_type !== SIGN_TYPE) return unverified('bad_signature');
    if (!isKnownKey(certificateSn, account.keys)) return unverified('unknown_key');
    const verified = isSigned(notificationText(form), { sign, certificateSn }, account.keys);
    return verified ? toNotification(form) : unverified('bad_signature');
  }

  private async precreate(prepared: Prepared, account: AlipayAccount): Promise<SubmitReport> {
    const answer = await this.client.precreate(account, callOf(prepared));
    if (answer.kind !== 'ok') return this.refused(answer, prepared, account);
    return isOurs(answer.body, prepared)
      ? shown(qrAction(answer.body.qr_code, prepared, this.clock.now()))
      : OF_OTHER_ORDER;
  }

  private async pay(prepared: Prepared, account: AlipayAccount): Promise<SubmitReport> {
    const answer = await this.client.pay(account, callOf(prepared));
    if (answer.kind === 'error' && answer.signed && answer.code === WAITING) {
      return shown({ type: 'wait', validUntil: prepared.expiresAt });
    }
    if (answer.kind !== 'ok') return this.refused(answer, prepared, account);
    if (!isOurs(answer.body, prepared)) return OF_OTHER_ORDER;
    const report = paidReport(answer.body, answer.body.gmt_payment, prepared);
    // It is paid: what its answer leaves out, asking tells.
    return report.kind === 'succeeded'
      ? report
      : { kind: 'settled', cause: 'paid_without_details' };
  }

  /** What no document explains is certain where asking, just after it, finds that there is no trade. */
  private async refused(
    answer: Unusable,
    { attemptId }: Prepared,
    account: AlipayAccount,
  ): Promise<SubmitReport> {
    if (!isRefusedUnexplained(answer)) return toSubmitReport(answer);
    const asked = await this.client.query(account, attemptId);
    const isMissing =
      asked.kind !== 'ok' && toQueryReport(asked, { stillToCome: false }).kind === 'not_found';
    return isMissing ? { kind: 'failed', reason: 'rejected' } : toSubmitReport(answer);
  }

  /** Whatever it did, it takes no money from here on, and keeps none: it is closed. */
  private async cancel(prepared: Prepared, account: AlipayAccount): Promise<CloseReport> {
    const answer = await this.client.cancel(account, prepared.attemptId);
    if (answer.kind !== 'ok') return toCloseReport(answer);
    return answer.body.retry_flag === 'N'
      ? { kind: 'closed' }
      : { kind: 'unknown', cause: 'retry_asked' };
  }

  private signed(prepared: Prepared, account: AlipayAccount): Form {
    return signedRequest(callOf(prepared), signerOf(account, this.clock.now()));
  }
}

/** That there is no such order is an answer; whatever else is no trade is none. */
const saysNothing = (answer: Unusable): boolean =>
  toQueryReport(answer, { stillToCome: false }).kind === 'unknown';

const shown = (action: Action): SubmitReport => ({ kind: 'awaiting_payer', action });

const textOf = ({ body }: Pick<Prepared, 'body'>): string => new TextDecoder().decode(body);

const callOf = (prepared: Prepared): Call => ({
  method: methodNames[kindOfPrepared(prepared)],
  bizContent: textOf(prepared),
  notifyUrl: prepared.fields['notifyUrl'],
  returnUrl: prepared.fields['returnUrl'],
});

const isOurs = (
  said: Readonly<{ out_trade_no: string }>,
  { attemptId }: Pick<Prepared, 'attemptId'>,
): boolean => said.out_trade_no === attemptId;
