import { randomBytes } from 'node:crypto';
import type { Clock } from '@hutong/config';
import type { Action } from '@hutong/domain-events';
import { formOf, type Form } from '@hutong/form';
import type {
  Accounts,
  AttemptReport,
  GatewayPort,
  Notification,
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
  ToStranger,
  Unverified,
} from '@hutong/gateway';
import { assertNever, refuse, type Result } from '@hutong/result';
import { claimsOf, type SigningCertificates } from './unionpay.certificates.signature.js';
import type { UnionpayClient } from './unionpay.client.js';
import type { UnionpayAccount } from './unionpay.account.config.js';
import type { UnionpayApi } from './unionpay.config.js';
import {
  toQueryReport,
  toRefundQueryReport as toFailedRefundQuery,
  toRefundSendReport,
  toSubmitReport,
} from './unionpay.errors.js';
import { frontPath, returnPath } from './unionpay.front-page.js';
import {
  appAction,
  ENDS_BEHIND_MS,
  kindOfPrepared,
  SENT_AGAIN_MS,
  toAttemptReport,
  toOrder,
} from './unionpay.mapping.js';
import { toNotification } from './unionpay.notices.js';
import { toRefundOrder, toRefundQueryReport } from './unionpay.refunds.js';
import { ageMs, fromBeijing } from './unionpay.time.js';

const ACCOUNT_UNKNOWN = 'account_unknown';
const SECRET_BYTES = 16;

/**
 * UnionPay's ACP 5.1.0: browsers, apps, codes to scan and codes shown in store. It closes nothing: an order
 * ends with its payTimeout, and is watched until then.
 */
export class UnionpayAdapter implements GatewayPort, RefundingPort {
  constructor(
    private readonly client: UnionpayClient,
    private readonly accounts: Pick<Accounts<UnionpayAccount>, 'named'>,
    private readonly certificates: SigningCertificates,
    private readonly api: Pick<UnionpayApi, 'publicUrl' | 'appMode' | 'pageLifeMs'>,
    private readonly clock: Clock,
  ) {}

  prepare(
    attempt: RequestedAttempt,
    at: Date,
    payer: SealedFields,
  ): Result<Prepared, PrepareRefusal> {
    const account = this.accounts.named(attempt.account);
    if (account === undefined) return refuse({ code: ACCOUNT_UNKNOWN });
    const backAt = this.addressOf(returnPath(attempt.attemptId));
    return toOrder(attempt, account, { at, payer, backAt });
  }

  /** For browsers nothing is sent: they send the form themselves, from a page of ours. */
  async submit(prepared: Prepared): Promise<SubmitReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'not_sent', cause: ACCOUNT_UNKNOWN };
    const { expiresAt: validUntil } = prepared;
    const kind = kindOfPrepared(prepared);
    if (kind === 'page') {
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const url = this.addressOf(frontPath(prepared.attemptId, secret));
      return shown({ type: 'redirect', url, validUntil: pageEnd(prepared, this.api.pageLifeMs) });
    }
    // What was given for an earlier sending is told by nobody, and a new time would be a new order.
    if (ageMs(prepared.fields['txnTime'], this.clock.now()) >= SENT_AGAIN_MS) return TOO_OLD;
    switch (kind) {
      case 'app': {
        const answer = await this.client.app(account, formIn(prepared));
        if (answer.kind !== 'ok') return toSubmitReport(answer);
        return shown(appAction(answer.body.tn, prepared, this.api.appMode));
      }
      case 'qr': {
        const answer = await this.client.qr(account, formIn(prepared));
        if (answer.kind !== 'ok') return toSubmitReport(answer);
        return shown({ type: 'qr', content: answer.body.qrCode, validUntil });
      }
      case 'barcode': {
        const answer = await this.client.accept(account, formIn(prepared));
        return answer.kind === 'ok' ? shown({ type: 'wait', validUntil }) : toSubmitReport(answer);
      }
      default:
        return assertNever(kind);
    }
  }

  async query(prepared: Prepared): Promise<AttemptReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'unknown', cause: ACCOUNT_UNKNOWN };
    const answer = await this.client.query(account, identityOf(prepared.attemptId, prepared));
    const isOver = this.clock.now().getTime() >= prepared.expiresAt.getTime() + ENDS_BEHIND_MS;
    return answer.kind === 'ok'
      ? toAttemptReport(answer.body, prepared, { isOver })
      : toQueryReport(answer, prepared, { isOver });
  }

  prepareRefund(
    refund: RequestedRefund,
    order: RefundedOrder,
    at: Date,
  ): Result<PreparedRefund, PrepareRefusal> {
    const account = this.accounts.named(refund.account);
    if (account === undefined) return refuse({ code: ACCOUNT_UNKNOWN });
    return toRefundOrder(refund, order, { notifyUrl: account.notifyUrl, at });
  }

  async refund(prepared: PreparedRefund): Promise<RefundSendReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'not_sent', cause: ACCOUNT_UNKNOWN };
    const answer = await this.client.accept(account, formIn(prepared));
    return answer.kind === 'ok' ? { kind: 'pending' } : toRefundSendReport(answer);
  }

  async queryRefund(prepared: PreparedRefund): Promise<RefundQueryReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'unknown', cause: ACCOUNT_UNKNOWN };
    const answer = await this.client.query(account, identityOf(prepared.refundId, prepared));
    if (answer.kind === 'ok') return toRefundQueryReport(answer.body, prepared);
    return toFailedRefundQuery(answer, ageMs(prepared.fields['txnTime'], this.clock.now()));
  }

  read(raw: RawNotification, receivedAt: Date): Notification | ToStranger {
    const form = formOf(raw.body);
    const unverified = (reason: Unverified): Notification => {
      return { kind: 'unverified', reason, claims: claimsOf(form ?? {}) };
    };
    const account = this.accounts.named(raw.account);
    if (account === undefined) return unverified(ACCOUNT_UNKNOWN);
    if (form === undefined) return unverified('malformed');
    const verified = this.certificates.verify(form, account.trust, receivedAt);
    if (!verified.ok) return unverified(verified.refusal);
    const told = toNotification(form);
    const { merId = '' } = form;
    if (merId === account.merId) return told;
    return { kind: 'stranger', told, payee: { merId }, claims: claimsOf(form) };
  }

  private addressOf(path: string): string {
    return new URL(path, this.api.publicUrl).href;
  }
}

const TOO_OLD: SubmitReport = { kind: 'unknown', cause: 'too_old_to_send' };

const shown = (action: Action): SubmitReport => ({ kind: 'awaiting_payer', action });

/** A form is sent when its payer comes, under the time at which it was prepared: later it is refused. */
function pageEnd({ fields, expiresAt }: Prepared, lifeMs: number): Date {
  const preparedMs = fromBeijing(fields['txnTime'])?.getTime() ?? 0;
  return new Date(Math.min(expiresAt.getTime(), preparedMs + lifeMs));
}

/** The fields as they were prepared. @throws Error on bytes that this gateway never wrote. */
function formIn({ body }: Pick<Prepared, 'body'>): Form {
  const form = formOf(body);
  if (form === undefined) throw new Error('what was prepared is no form');
  return form;
}

/** As the merchant that it was sent as, also after the account has another number. */
const identityOf = (orderId: string, { fields }: Pick<Prepared, 'fields'>) => ({
  merId: fields['merId'] ?? '',
  orderId,
  txnTime: fields['txnTime'] ?? '',
});
