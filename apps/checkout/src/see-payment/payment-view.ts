import { methodText, type Action } from '@hutong/domain-events';
import { toMoneyWire } from '@hutong/money';
import { actionOf, type Attempt } from '../payment/attempt.js';
import type { Decision, Payment, Receipt } from '../payment/payment.js';
import type {
  ActionView,
  AttemptView,
  OfferView,
  PaymentView,
  ReceiptView,
} from './payment-view.wire.js';

/** A payment as its platform sees it. */
export function paymentView(p: Payment): PaymentView {
  const decided = p.status === 'requested' ? undefined : p;
  return {
    paymentId: p.id,
    status: p.status,
    orderReference: p.orderReference,
    merchantId: p.merchantId,
    amount: toMoneyWire(p.amount),
    requestedAt: p.requestedAt.toISOString(),
    expiresAt: p.expiresAt.toISOString(),
    ...(decided && { offer: offerView(decided.decision) }),
    attempts: decided?.attempts.map(attemptView) ?? [],
    ...(p.status === 'paid' && { receipt: receiptView(p.receipt) }),
    refunds: [],
    surplus:
      decided?.surplus.map((s) => ({ ...receiptView(s), status: s.status, reason: s.reason })) ??
      [],
  };
}

export function attemptView(a: Attempt): AttemptView {
  const action = actionOf(a);
  return {
    attemptId: a.id,
    offer: a.offer,
    method: methodText(a.method),
    status: a.status,
    selectedAt: a.selectedAt.toISOString(),
    ...(action && { action: actionView(action) }),
    ...((a.status === 'failed' || a.status === 'closed') && { reason: a.reason }),
    ...(a.status === 'refused' && { reasons: [...a.reasons] }),
  };
}

const actionView = (action: Action): ActionView => ({
  ...action,
  validUntil: action.validUntil.toISOString(),
});

const offerView = (d: Decision): OfferView => ({
  number: d.offer,
  ...(d.type === 'payment.offered' && { validUntil: d.validUntil.toISOString() }),
  methods:
    d.type === 'payment.offered'
      ? d.methods.map(({ method, label }) => ({ method: methodText(method), label }))
      : [],
  refused: d.refused.map(({ method, reasons }) => ({
    method: methodText(method),
    reasons: [...reasons],
  })),
});

const receiptView = (r: Receipt): ReceiptView => ({
  attemptId: r.attemptId,
  provider: r.provider,
  instrument: r.instrument,
  providerRef: r.providerRef,
  amount: toMoneyWire(r.amount),
  paidAt: r.paidAt.toISOString(),
});

/** @throws Error if the payment has no such attempt: attempts are never removed. */
export function attemptIn(p: Payment, id: string | undefined): Attempt {
  const attempt = p.status === 'requested' ? undefined : p.attempts.find((a) => a.id === id);
  if (attempt === undefined) throw new Error('an attempt is gone');
  return attempt;
}
