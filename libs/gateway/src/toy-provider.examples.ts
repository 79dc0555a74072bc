import { aProviderRef, AMOUNT } from '@hutong/testing';
import { isId, providerRef } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import { currentTraceparent } from '@hutong/telemetry';
import type {
  AttemptReport,
  GatewayPort,
  Notification,
  Prepared,
  PrepareRefusal,
  RawNotification,
  RequestedAttempt,
  SubmitReport,
} from './gateway-port.js';

const PAYEE = { merchant: 'toys' };

/** The simplest provider there can be: orders in a map, notifications signed with the word "good". */
export class ToyProvider implements GatewayPort {
  /** Every body that arrived, by order number. */
  readonly received = new Map<string, string[]>();
  /** In which trace each order was last sent. */
  readonly calledIn = new Map<string, string | undefined>();
  /** What has been asked so far, as `query <order>`. */
  readonly asked: string[] = [];
  private readonly fates = new Map<string, AttemptReport>();
  private readonly gates = new Map<string, Promise<void>>();
  private prepared = 0;

  /** Says something else each time: only what was stored can be the same again. */
  prepare(attempt: RequestedAttempt, at: Date): Result<Prepared, PrepareRefusal> {
    if (attempt.amount.currency !== 'CNY') return refuse({ code: 'amount_unsupported' });
    this.prepared += 1;
    const body = new TextEncoder().encode(`${attempt.attemptId} ${this.prepared}`);
    const { attemptId, account, expiresAt } = attempt;
    const shortest = new Date(at.getTime() + 60_000);
    return ok({
      attemptId,
      account,
      body,
      fields: PAYEE,
      expiresAt: expiresAt > shortest ? expiresAt : shortest,
    });
  }

  async submit({ attemptId, body, expiresAt }: Prepared): Promise<SubmitReport> {
    this.calledIn.set(attemptId, currentTraceparent());
    const bodies = this.received.get(attemptId) ?? [];
    this.received.set(attemptId, [...bodies, new TextDecoder().decode(body)]);
    const gate = this.gates.get(attemptId);
    this.gates.delete(attemptId);
    await gate;
    const fate = this.fates.get(attemptId);
    if (fate?.kind === 'failed') return fate;
    if (fate?.kind === 'unknown') return fate;
    return {
      kind: 'awaiting_payer',
      action: { type: 'qr', content: `toy://${attemptId}/${bodies.length}`, validUntil: expiresAt },
    };
  }

  async query({ attemptId }: Prepared): Promise<AttemptReport> {
    this.asked.push(`query ${attemptId}`);
    const fate = this.fates.get(attemptId);
    if (fate !== undefined) return fate;
    return { kind: this.received.has(attemptId) ? 'awaiting_payer' : 'not_found' };
  }

  read({ headers, body }: RawNotification): Notification {
    const text = new TextDecoder().decode(body);
    const [notificationId = '', orderNumber = '', minor = ''] = text.split(' ');
    if (headers['signature'] !== 'good') {
      return { kind: 'unverified', reason: 'bad_signature', claims: { key: 'toy' } };
    }
    if (!/^\d+$/.test(minor)) return { kind: 'odd', notificationId, orderNumber, reason: 'torn' };
    const amount = { ...AMOUNT, minor: BigInt(minor) as typeof AMOUNT.minor };
    const paid = { ...this.paidFor(orderNumber), amount };
    return { kind: 'succeeded', notificationId, orderNumber, payee: PAYEE, paid };
  }

  /** What happens to an order from now on, whoever asks. */
  decide(attemptId: string, fate: AttemptReport): void {
    this.fates.set(attemptId, fate);
  }

  pay(attemptId: string): void {
    this.decide(attemptId, { kind: 'succeeded', amount: AMOUNT, ...this.paidFor(attemptId) });
  }

  /** The next submit of this order arrives and is not answered before `until`. */
  hold(attemptId: string, until: Promise<void>): void {
    this.gates.set(attemptId, until);
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
