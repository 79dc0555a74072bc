import { methodText } from '@hutong/domain-events';
import { toMoneyWire } from '@hutong/money';
import type { Attempt } from '../payment/attempt.js';
import type { Payment } from '../payment/payment.js';
import { attemptView } from '../see-payment/payment-view.js';
import type { AttemptView } from '../see-payment/payment-view.wire.js';
import { lastAttempt, linkStanding, type ShareLink } from './share-link.js';
import type { SharedPaymentView } from './share-link.wire.js';

type Shared = Readonly<{ link: ShareLink; payment: Payment }>;

/** What whoever opens the link sees: nothing of the payer. */
export function sharedView({ link, payment }: Shared, now: Date): SharedPaymentView {
  const status = linkStanding(payment, now);
  const attempt = status === 'payable' ? lastAttempt(payment, link) : undefined;
  return {
    status,
    amount: toMoneyWire(payment.amount),
    description: payment.description,
    platform: payment.platform,
    merchantId: payment.merchantId,
    instrument: link.method.instrument,
    validUntil: payment.expiresAt.toISOString(),
    ...(attempt && { attempt: guestView(attempt) }),
  };
}

/** An attempt as guests see it. Why routing refused one is between it and the platform. */
export const guestView = (attempt: Attempt): AttemptView =>
  attemptView(attempt.status === 'refused' ? { ...attempt, reasons: [] } : attempt);

/**
 * The link as its platform sees it, in the shape of an attempt.
 * @param url undefined where it can be shown no more.
 */
export function linkView({ link, payment }: Shared, url: URL | undefined, now: Date): AttemptView {
  const choice = {
    attemptId: link.id,
    offer: link.offer,
    method: methodText(link.method),
    selectedAt: link.madeAt.toISOString(),
  };
  const standing = linkStanding(payment, now);
  if (standing !== 'payable') return { ...choice, status: 'closed', reason: endedBy[standing] };
  const validUntil = payment.expiresAt.toISOString();
  const action = url && { type: 'link', url: url.href, validUntil };
  return { ...choice, status: 'awaiting_payer', ...(action && { action }) };
}

/** In the words of an attempt that was closed. */
const endedBy = { paid: 'other_attempt_won', expired: 'expired', closed: 'cancelled' } as const;
