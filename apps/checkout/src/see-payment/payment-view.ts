import { methodText, type Action } from '@hutong/domain-events';
import { toMoneyWire } from '@hutong/money';
import { actionOf, type Attempt } from '../payment/attempt.js';
import { belongingsOf, type Decision, type Payment } from '../payment/payment.js';
import type { Receipt } from '../payment/receipt.js';
import type { Refund } from '../payment/refund.js';
import type { Surplus } from '../payment/surplus.js';
import { lastStanding, type ShareLink } from '../share-link/share-link.js';
import type {
  ActionView,
  AttemptView,
  OfferView,
  PaymentView,
  ReceiptView,
  RefundView,
  ShareLinkView,
  SurplusView,
} from './payment-view.wire.js';

/** A payment with the links by which somebody else may pay it. */
export type Shown = Readonly<{ payment: Payment; links: readonly ShareLink[] }>;

/** A payment as its platform sees it. */
export function paymentView({ payment: p, links }: Shown): PaymentView {
  const { attempts, receipt, refunds, surplus } = belongingsOf(p);
  const decision = p.status === 'requested' ? undefined : p.decision;
  return {
    paymentId: p.id,
    status: p.status,
    orderReference: p.orderReference,
    merchantId: p.merchantId,
    amount: toMoneyWire(p.amount),
    requestedAt: p.requestedAt.toISOString(),
    expiresAt: p.expiresAt.toISOString(),
    ...((p.status === 'closing' || p.status === 'closed') && { reason: p.reason }),
    ...(decision && { offer: offerView(decision) }),
    attempts: attempts.map(attemptView),
    links: links.map((link) => linkView(link, p)),
    ...(receipt && { receipt: receiptView(receipt) }),
    refunds: refunds.map(refundView),
    surplus: surplus.map(surplusView),
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
    ...('reason' in a && { reason: a.reason }),
    ...(a.status === 'refused' && { reasons: [...a.reasons] }),
  };
}

/** Never its address: whoever has that may pay, and it was shown to whoever made the link. */
const linkView = (link: ShareLink, p: Payment): ShareLinkView => ({
  linkId: link.id,
  offer: link.offer,
  method: methodText(link.method),
  status: lastStanding(p),
  madeAt: link.madeAt.toISOString(),
  validUntil: p.expiresAt.toISOString(),
  presses: link.presses,
  ...(link.lastAttempt !== undefined && { lastAttemptId: link.lastAttempt }),
});

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

export const refundView = (r: Refund): RefundView => ({
  refundId: r.id,
  status: r.status,
  amount: toMoneyWire(r.amount),
  ...(r.why !== undefined && { reason: r.why }),
  requestedAt: r.requestedAt.toISOString(),
  ...(r.status === 'failed' && { failureReason: r.reason }),
  ...(r.status === 'succeeded' && {
    providerRef: r.providerRef,
    refundedAt: r.refundedAt.toISOString(),
  }),
});

export const surplusView = (s: Surplus): SurplusView => ({
  ...receiptView(s),
  status: s.status,
  reason: s.reason,
  refunds: s.refunds.map(refundView),
});

/** @throws Error if the payment has no such refund: refunds are never removed. */
export function refundIn(p: Payment, id: string | undefined): Refund {
  const { refunds, surplus } = belongingsOf(p);
  const all = [...refunds, ...surplus.flatMap((s) => s.refunds)];
  const refund = all.find((r) => r.id === id);
  if (refund === undefined) throw new Error('a refund is gone');
  return refund;
}

/** @throws Error if the payment has no such attempt: attempts are never removed. */
export function attemptIn(p: Payment, id: string | undefined): Attempt {
  const attempt = belongingsOf(p).attempts.find((a) => a.id === id);
  if (attempt === undefined) throw new Error('an attempt is gone');
  return attempt;
}
