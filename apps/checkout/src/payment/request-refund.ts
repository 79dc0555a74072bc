import type { RefundId } from '@hutong/domain-events';
import type { Money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import { isWon, type Payment, type WonPayment } from './payment.js';
import { refundableOf, type Refund } from './refund.js';

export type RefundRefusal =
  | Readonly<{ code: 'not_paid' | 'other_currency' | 'amount_not_positive' | 'too_many_refunds' }>
  | Readonly<{ code: 'exceeds_refundable'; left: Money }>;

/** WeChat gives back one order in at most 50 parts; more than a merchant needs. */
export const MAX_REFUNDS = 50;

export type RefundWish = Readonly<{
  refundId: RefundId;
  amount: Money;
  why?: string | undefined;
  now: Date;
}>;

/** The payment with one more refund asked for, up to what was paid less what has gone back or is on its way. */
export function requestRefund(
  p: Payment,
  { refundId, amount, why, now }: RefundWish,
): Result<Readonly<{ payment: WonPayment; refund: Refund }>, RefundRefusal> {
  if (!isWon(p)) return refuse({ code: 'not_paid' });
  if (amount.currency !== p.amount.currency) return refuse({ code: 'other_currency' });
  if (amount.minor === 0n) return refuse({ code: 'amount_not_positive' });
  const left = refundableOf(p.receipt, p.refunds);
  if (amount.minor > left.minor) return refuse({ code: 'exceeds_refundable', left });
  if (p.refunds.length >= MAX_REFUNDS) return refuse({ code: 'too_many_refunds' });
  const refund: Refund = { id: refundId, amount, why, requestedAt: now, status: 'requested' };
  return ok({ payment: { ...p, refunds: [...p.refunds, refund] }, refund });
}
