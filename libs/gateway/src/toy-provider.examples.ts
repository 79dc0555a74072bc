import { aProviderRef, AMOUNT } from '@hutong/testing';
import { isId, providerRef } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import { currentTraceparent } from '@hutong/telemetry';
import type {
  AttemptReport,
  ClosingPort,
  CloseReport,
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
  SubmitReport,
  ToStranger,
} from './gateway-port.js';
import type { SealedFields } from './sealed-fields.js';

const PAYEE = { merchant: 'toys' };
const STRANGER = { merchant: 'another' };

/** The simplest provider there can be: orders in a map, notifications signed with the word "good". */
export class ToyProvider implements GatewayPort, ClosingPort, RefundingPort {
  /** Every body that arrived, by order number. */
  readonly received = new Map<string, string[]>();
  /** In which trace each order was last sent. */
  readonly calledIn = new Map<string, string | undefined>();
  /** What has been asked so far, as `query <order>`, `close <order>`, `refund <number>`, `query_refund <number>`. */
  readonly asked: string[] = [];
  /** The same, and `submit <order>`. */
  readonly calls: string[] = [];
  /** When each of them came, on a clock that only goes forward. */
  readonly beganMs: number[] = [];
  /** How many sendings there were at a time, at most. */
  mostAtOnce = 0;
  private atOnce = 0;
  private readonly faults = new Map<string, Error>();
  private all: Promise<void> = Promise.resolve();
  /** What was sealed for the provider, by order number. */
  readonly payers = new Map<string, SealedFields>();
  private readonly fates = new Map<string, AttemptReport>();
  private readonly closings = new Map<string, CloseReport>();
  private readonly refundFates = new Map<string, RefundSendReport>();
  private readonly gates = new Map<string, Promise<void>>();
  private readonly emptied = new Set<string>();
  private prepared = 0;

  /** Says something else each time: only what was stored can be the same again. */
  prepare(
    attempt: RequestedAttempt,
    at: Date,
    payer: SealedFields,
  ): Result<Prepared, PrepareRefusal> {
    if (attempt.amount.currency !== 'CNY') return refuse({ code: 'amount_unsupported' });
    this.prepared += 1;
    this.payers.set(attempt.attemptId, payer);
    const body = new TextEncoder().encode(`${attempt.attemptId} ${this.prepared}`);
    const { attemptId, account, expiresAt } = attempt;
    const shortest = new Date(at.getTime() + 60_000);
    return ok({
      attemptId,
      account,
      body,
      fields: { ...PAYEE, presentation: attempt.method.presentation },
      expiresAt: expiresAt > shortest ? expiresAt : shortest,
    });
  }

  async submit({ attemptId, body, fields, expiresAt }: Prepared): Promise<SubmitReport> {
    this.count(`submit ${attemptId}`);
    this.calledIn.set(attemptId, currentTraceparent());
    const bodies = this.received.get(attemptId) ?? [];
    this.received.set(attemptId, [...bodies, new TextDecoder().decode(body)]);
    const fault = this.faults.get(attemptId);
    this.faults.delete(attemptId);
    if (fault !== undefined) throw fault;
    const gate = this.gates.get(attemptId);
    this.gates.delete(attemptId);
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    await Promise.all([gate, this.all]);
    this.atOnce -= 1;
    const fate = this.fates.get(attemptId);
    if (fate?.kind === 'failed') return fate;
    if (fate?.kind === 'unknown') return fate;
    if (fields['presentation'] === 'barcode') {
      return fate?.kind === 'succeeded'
        ? fate
        : { kind: 'awaiting_payer', action: { type: 'wait', validUntil: expiresAt } };
    }
    return {
      kind: 'awaiting_payer',
      action: { type: 'qr', content: `toy://${attemptId}/${bodies.length}`, validUntil: expiresAt },
    };
  }

  async query({ attemptId }: Prepared, taken?: Paid): Promise<AttemptReport> {
    this.note(`query ${attemptId}`);
    const fate = this.fates.get(attemptId);
    if (this.emptied.has(attemptId)) {
      return taken === undefined
        ? { kind: 'closed', reason: 'expired' }
        : { kind: 'succeeded', ...taken };
    }
    if (fate !== undefined) return fate;
    return { kind: this.received.has(attemptId) ? 'awaiting_payer' : 'not_found' };
  }

  /** What a code pays goes back by its close. */
  mayGiveBack({ fields }: Prepared): boolean {
    return fields['presentation'] === 'barcode';
  }

  /** An order that is not paid is closed from now on, unless `decideClose` said otherwise. */
  async close({ attemptId }: Prepared): Promise<CloseReport> {
    this.note(`close ${attemptId}`);
    const said = this.closings.get(attemptId);
    this.closings.delete(attemptId);
    if (said !== undefined) return said;
    if (this.fates.get(attemptId)?.kind === 'succeeded') {
      return { kind: 'settled', cause: 'order_paid' };
    }
    this.decide(attemptId, { kind: 'closed', reason: 'expired' });
    return { kind: 'closed' };
  }

  prepareRefund(
    { refundId, attemptId, account, amount }: RequestedRefund,
    { paid }: RefundedOrder,
  ): Result<PreparedRefund, PrepareRefusal> {
    if (amount.currency !== 'CNY') return refuse({ code: 'amount_unsupported' });
    this.prepared += 1;
    const text = `${refundId} ${amount.minor} of ${paid.amount.minor} ${this.prepared}`;
    const body = new TextEncoder().encode(text);
    return ok({ refundId, attemptId, account, body, fields: PAYEE });
  }

  async refund({ refundId, body }: PreparedRefund): Promise<RefundSendReport> {
    this.note(`refund ${refundId}`);
    const bodies = this.received.get(refundId) ?? [];
    this.received.set(refundId, [...bodies, new TextDecoder().decode(body)]);
    const gate = this.gates.get(refundId);
    this.gates.delete(refundId);
    await gate;
    return this.refundFates.get(refundId) ?? { kind: 'pending' };
  }

  async queryRefund({ refundId }: PreparedRefund): Promise<RefundQueryReport> {
    this.note(`query_refund ${refundId}`);
    const fate = this.refundFates.get(refundId);
    if (fate !== undefined && fate.kind !== 'not_sent') return fate;
    return { kind: this.received.has(refundId) ? 'pending' : 'not_found' };
  }

  /** What is signed "strange" is told to another merchant, "former" to the one of the orders here. */
  read(raw: RawNotification): Notification | ToStranger {
    const { signature = '' } = raw.headers;
    if (signature !== 'strange' && signature !== 'former') return this.readOwn(raw);
    const told = this.readOwn({ ...raw, headers: { ...raw.headers, signature: 'good' } });
    if (told.kind === 'unverified') return told;
    const payee = signature === 'former' ? PAYEE : STRANGER;
    return { kind: 'stranger', told, payee, claims: { key: 'toy' } };
  }

  private readOwn({ headers, body }: RawNotification): Notification {
    const text = new TextDecoder().decode(body);
    const [notificationId = '', orderNumber = '', minor = '', refundNumber] = text.split(' ');
    if (headers['signature'] !== 'good') {
      return { kind: 'unverified', reason: 'bad_signature', claims: { key: 'toy' } };
    }
    if (minor === 'moved') return { kind: 'hint', notificationId, orderNumber };
    const [, digits, isSilent] = /^(\d+)(\?)?$/.exec(minor) ?? [];
    if (digits === undefined) return { kind: 'odd', notificationId, orderNumber, reason: 'torn' };
    const amount = { ...AMOUNT, minor: BigInt(digits) as typeof AMOUNT.minor };
    const { instrument, ...told } = { ...this.paidFor(orderNumber), amount };
    const paid = isSilent === undefined ? { ...told, instrument } : told;
    if (refundNumber !== undefined) {
      const report = { kind: 'succeeded', ...this.refundedFor(refundNumber), amount } as const;
      const about = { notificationId, orderNumber, refundNumber, payee: PAYEE };
      return { kind: 'refund', ...about, amount, report };
    }
    return { kind: 'succeeded', notificationId, orderNumber, payee: PAYEE, paid };
  }

  /** What happens to an order from now on, whoever asks. */
  decide(attemptId: string, fate: AttemptReport): void {
    this.fates.set(attemptId, fate);
  }

  /** The next close of this order is answered so, and does nothing. */
  decideClose(attemptId: string, report: CloseReport): void {
    this.closings.set(attemptId, report);
  }

  /** What every call about this refund is answered from now on. */
  decideRefund(refundId: string, fate: RefundSendReport): void {
    this.refundFates.set(refundId, fate);
  }

  /** All of it went back. */
  giveBack(refundId: string): void {
    const report = { kind: 'succeeded', amount: AMOUNT, ...this.refundedFor(refundId) } as const;
    this.decideRefund(refundId, report);
  }

  /** All that was paid went back: here such an order is called closed, like one that nobody ever paid. */
  empty(attemptId: string): void {
    this.emptied.add(attemptId);
  }

  /** @param late by the provider's own word. */
  pay(attemptId: string, late?: boolean): void {
    const paid = { amount: AMOUNT, ...this.paidFor(attemptId), late };
    this.decide(attemptId, { kind: 'succeeded', ...paid });
  }

  /** The next sending of this order or refund arrives and is not answered before `until`. */
  hold(number: string, until: Promise<void>): void {
    this.gates.set(number, until);
  }

  /** The next submit of this order throws. */
  fail(attemptId: string, fault: Error): void {
    this.faults.set(attemptId, fault);
  }

  /** No submit is answered before `until`. */
  holdAll(until: Promise<void>): void {
    this.all = until;
  }

  private note(call: string): void {
    this.asked.push(call);
    this.count(call);
  }

  private count(call: string): void {
    this.calls.push(call);
    this.beganMs.push(performance.now());
  }

  private refundedFor(refundNumber: string) {
    const ref = `back-${refundNumber}`;
    return {
      providerRef: isId('providerRef', ref) ? providerRef(ref) : aProviderRef(),
      refundedAt: new Date('2026-11-24T08:10:00.000Z'),
    };
  }

  private paidFor(orderNumber: string) {
    const ref = `toy-${orderNumber}`;
    return {
      providerRef: isId('providerRef', ref) ? providerRef(ref) : aProviderRef(),
      instrument: 'wechat_pay' as const,
      paidAt: new Date('2026-11-24T08:02:00.000Z'),
    };
  }
}
