import type { Clock } from '@hutong/config';
import type {
  Accounts,
  AttemptReport,
  GatewayPort,
  Notification,
  Prepared,
  PrepareRefusal,
  RawNotification,
  RequestedAttempt,
  SubmitReport,
  Unverified,
} from '@hutong/gateway';
import { refuse, type Result } from '@hutong/result';
import {
  NotificationWire,
  parseWire,
  WechatTransaction,
  type WechatClient,
} from './wechat.client.js';
import type { WechatAccount } from './wechat.config.js';
import {
  toAttemptReport,
  toNativeOrder,
  toQrAction,
  toQueryReport,
  toSubmitReport,
} from './wechat.mapping.js';
import { claimsOf, unsealed, verifySigned } from './wechat.signature.js';

/** The only notification of a payment; there is none of failed, expired or closed ones. */
const PAID = 'TRANSACTION.SUCCESS';

/** WeChat Pay v3, direct merchant, Native orders: a code that the payer scans. */
export class WechatAdapter implements GatewayPort {
  constructor(
    private readonly client: WechatClient,
    private readonly accounts: Pick<Accounts<WechatAccount>, 'named'>,
    private readonly clock: Clock,
  ) {}

  prepare(attempt: RequestedAttempt, at: Date): Result<Prepared, PrepareRefusal> {
    const account = this.accounts.named(attempt.account);
    if (account === undefined) return refuse({ code: 'account_unknown' });
    return toNativeOrder(attempt, account, at);
  }

  async submit(prepared: Prepared): Promise<SubmitReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'not_sent', cause: 'account_unknown' };
    const answer = await this.client.createNative(account, prepared.body);
    if (answer.kind !== 'ok') return toSubmitReport(answer);
    const action = toQrAction(answer.body.code_url, prepared, this.clock.now());
    return { kind: 'awaiting_payer', action };
  }

  async query(prepared: Prepared): Promise<AttemptReport> {
    const account = this.accounts.named(prepared.account);
    if (account === undefined) return { kind: 'unknown', cause: 'account_unknown' };
    const mchid = prepared.fields['mchid'] ?? account.mchid;
    const answer = await this.client.query(account, { outTradeNo: prepared.attemptId, mchid });
    if (answer.kind !== 'ok') return toQueryReport(answer);
    if (!isOurs(answer.body, prepared)) return { kind: 'unknown', cause: 'answer_of_other_order' };
    return toAttemptReport(answer.body);
  }

  read(raw: RawNotification, receivedAt: Date): Notification {
    const unverified = (reason: Unverified): Notification => {
      return { kind: 'unverified', reason, claims: claimsOf(raw.headers) };
    };
    const account = this.accounts.named(raw.account);
    if (account === undefined) return unverified('account_unknown');
    const { keys, apiV3Key } = account;
    const verified = verifySigned(raw.body, raw.headers, { keys, now: receivedAt });
    if (!verified.ok) return unverified(verified.refusal);
    const wire = parseWire(NotificationWire, raw.body);
    // Signed and not readable: refused, so that WeChat sends it again while we find out why.
    if (wire === undefined) return unverified('not_decryptable');
    const { ciphertext, nonce, algorithm, associated_data: associatedData } = wire.resource;
    const sealed = { ciphertext, nonce, algorithm, associatedData };
    const plain = unsealed(sealed, apiV3Key.reveal());
    if (!plain.ok) return unverified(plain.refusal);
    return toNotification(wire, plain.value);
  }
}

const isOurs = (t: WechatTransaction, { attemptId, fields }: Prepared): boolean =>
  t.out_trade_no === attemptId && t.mchid === fields['mchid'] && t.appid === fields['appid'];

/** @param plain JSON, authenticated by the decryption. */
function toNotification(wire: NotificationWire, plain: string): Notification {
  const notificationId = wire.id;
  if (wire.event_type !== PAID) return { kind: 'odd', notificationId, reason: 'event_unsupported' };
  const transaction = parseWire(WechatTransaction, plain);
  if (transaction === undefined) {
    return { kind: 'odd', notificationId, reason: 'transaction_unreadable' };
  }
  const orderNumber = transaction.out_trade_no;
  const report = toAttemptReport(transaction);
  if (report.kind !== 'succeeded') {
    return { kind: 'odd', notificationId, orderNumber, reason: 'state_unexpected' };
  }
  const { mchid, appid } = transaction;
  const { providerRef, instrument, amount, paidAt } = report;
  const paid = { providerRef, instrument, amount, paidAt };
  return { kind: 'succeeded', notificationId, orderNumber, payee: { mchid, appid }, paid };
}
