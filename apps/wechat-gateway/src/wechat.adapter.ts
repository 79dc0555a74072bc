import { randomBytes } from 'node:crypto';
import type { Clock } from '@hutong/config';
import type { Action } from '@hutong/domain-events';
import type {
  Accounts,
  AttemptReport,
  CloseReport,
  ClosingPort,
  GatewayPort,
  Notification,
  Prepared,
  PreparedRefund,
  PrepareRefusal,
  RawNotification,
  RefundedOrder,
  RefundingPort,
  RefundQueryReport,
  RefundReport,
  RefundSendReport,
  RequestedAttempt,
  RequestedRefund,
  SealedFields,
  SubmitReport,
  Unverified,
} from '@hutong/gateway';
import { assertNever, refuse, type Result } from '@hutong/result';
import type { PlatformKeys } from './wechat.certificates.client.js';
import type { WechatAnswer, WechatClient } from './wechat.client.js';
import type { WechatAccount } from './wechat.account.config.js';
import {
  toCloseReport,
  toQueryReport,
  toRefundQueryReport,
  toRefundSendReport,
  toSubmitReport,
} from './wechat.errors.js';
import {
  presentationOf,
  toAttemptReport,
  toOrder,
  toRedirect,
  validUntil,
} from './wechat.mapping.js';
import { toNotification } from './wechat.notices.js';
import { toRefundOrder, toRefundReport } from './wechat.refunds.js';
import {
  appParameters,
  claimsOf,
  miniProgramParameters,
  unsealed,
  verifySigned,
  type ClientSigner,
} from './wechat.signature.js';
import {
  NotificationWire,
  parseWire,
  type WechatRefund,
  type WechatTransaction,
} from './wechat.wire.js';

const ACCOUNT_UNKNOWN = 'account_unknown';

/** WeChat Pay v3, direct merchant: codes, browsers, apps and mini programs. */
export class WechatAdapter implements GatewayPort, ClosingPort, RefundingPort {
  constructor(
    private readonly client: WechatClient,
    private readonly accounts: Pick<Accounts<WechatAccount>, 'named'>,
    private readonly keys: Pick<PlatformKeys, 'ringOf'>,
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

  async submit(prepared: Prepared): Promise<SubmitReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'not_sent', cause: ACCOUNT_UNKNOWN };
    const answer = await this.open(prepared, account);
    return answer.kind === 'ok'
      ? { kind: 'awaiting_payer', action: answer.body }
      : toSubmitReport(answer);
  }

  async query(prepared: Prepared): Promise<AttemptReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'unknown', cause: ACCOUNT_UNKNOWN };
    const answer = await this.client.query(account, orderOf(prepared, account));
    if (answer.kind !== 'ok') return toQueryReport(answer);
    if (!isOurs(answer.body, prepared)) return { kind: 'unknown', cause: 'answer_of_other_order' };
    return toAttemptReport(answer.body);
  }

  async close(prepared: Prepared): Promise<CloseReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'unknown', cause: ACCOUNT_UNKNOWN };
    const answer = await this.client.close(account, orderOf(prepared, account));
    return answer.kind === 'ok' ? { kind: 'closed' } : toCloseReport(answer);
  }

  prepareRefund(
    refund: RequestedRefund,
    order: RefundedOrder,
  ): Result<PreparedRefund, PrepareRefusal> {
    const account = this.accounts.named(refund.account);
    if (account === undefined) return refuse({ code: ACCOUNT_UNKNOWN });
    return toRefundOrder(refund, order, account);
  }

  async refund(prepared: PreparedRefund): Promise<RefundSendReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'not_sent', cause: ACCOUNT_UNKNOWN };
    const answer = await this.client.refund(account, prepared.body);
    return answer.kind === 'ok' ? refundReport(answer.body, prepared) : toRefundSendReport(answer);
  }

  async queryRefund(prepared: PreparedRefund): Promise<RefundQueryReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'unknown', cause: ACCOUNT_UNKNOWN };
    const answer = await this.client.queryRefund(account, prepared.refundId);
    return answer.kind === 'ok' ? refundReport(answer.body, prepared) : toRefundQueryReport(answer);
  }

  read(raw: RawNotification, receivedAt: Date): Notification {
    const unverified = (reason: Unverified): Notification => {
      return { kind: 'unverified', reason, claims: claimsOf(raw.headers) };
    };
    const account = this.accounts.named(raw.account);
    if (account === undefined) return unverified(ACCOUNT_UNKNOWN);
    const keys = this.keys.ringOf(account);
    const verified = verifySigned(raw.body, raw.headers, { keys, now: receivedAt });
    if (!verified.ok) return unverified(verified.refusal);
    const wire = parseWire(NotificationWire, raw.body);
    // Signed and not readable: refused, so that WeChat sends it again while we find out why.
    if (wire === undefined) return unverified('not_decryptable');
    const { ciphertext, nonce, algorithm, associated_data: associatedData } = wire.resource;
    const sealed = { ciphertext, nonce, algorithm, associatedData };
    const plain = unsealed(sealed, account.apiV3Key.reveal());
    if (!plain.ok) return unverified(plain.refusal);
    return toNotification(wire, plain.value);
  }

  /** Opens the order that was prepared, and says what its payer is to be shown. */
  private async open(prepared: Prepared, account: WechatAccount): Promise<WechatAnswer<Action>> {
    const { body } = prepared;
    const presentation = presentationOf(prepared);
    const until = () => validUntil(prepared, this.clock.now());
    switch (presentation) {
      case 'qr': {
        const answer = await this.client.createNative(account, body);
        return shown(answer, ({ code_url: content }) => {
          return { type: 'qr', content, validUntil: until() };
        });
      }
      case 'redirect': {
        const answer = await this.client.createH5(account, body);
        return shown(answer, ({ h5_url }) => toRedirect(h5_url, prepared, this.clock.now()));
      }
      case 'app': {
        const answer = await this.client.createPrepaid(account, 'app', body);
        return shown(answer, ({ prepay_id }) => {
          const parameters = appParameters(prepay_id, this.signer(prepared, account));
          return { type: 'app', parameters, validUntil: until() };
        });
      }
      case 'mini_program': {
        const answer = await this.client.createPrepaid(account, 'jsapi', body);
        return shown(answer, ({ prepay_id }) => {
          const parameters = miniProgramParameters(prepay_id, this.signer(prepared, account));
          return { type: 'mini_program', parameters, validUntil: until() };
        });
      }
      default:
        return assertNever(presentation);
    }
  }

  private signer({ fields }: Prepared, account: WechatAccount): ClientSigner {
    const { privateKey } = account;
    const { mchid, appid } = { mchid: account.mchid, appid: account.appid, ...fields };
    return {
      mchid,
      appid,
      privateKey,
      at: this.clock.now(),
      nonce: randomBytes(16).toString('hex'),
    };
  }
}

const shown = <W>(answer: WechatAnswer<W>, show: (body: W) => Action): WechatAnswer<Action> =>
  answer.kind === 'ok' ? { kind: 'ok', body: show(answer.body) } : answer;

/** Under the merchant number that it was opened with. */
const orderOf = ({ attemptId, fields }: Prepared, { mchid }: WechatAccount) => ({
  outTradeNo: attemptId,
  mchid: fields['mchid'] ?? mchid,
});

const isOurs = (t: WechatTransaction, { attemptId, fields }: Prepared): boolean =>
  t.out_trade_no === attemptId && t.mchid === fields['mchid'] && t.appid === fields['appid'];

function refundReport(said: WechatRefund, { refundId, attemptId }: PreparedRefund): RefundReport {
  const isOfOurs = said.out_refund_no === refundId && said.out_trade_no === attemptId;
  return isOfOurs
    ? toRefundReport(said, said.status)
    : { kind: 'unknown', cause: 'answer_of_other_refund' };
}
