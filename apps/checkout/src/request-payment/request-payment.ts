import type {
  Channel,
  MerchantId,
  PayerAttributes,
  PayerKey,
  PaymentId,
  PaymentRequested,
  PlatformId,
} from '@hutong/domain-events';
import type { Money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import type { Requested } from '../payment/payment.js';

/** One order, as the platform's server states it. */
export type Order = Readonly<{
  orderReference: string;
  merchantId: MerchantId;
  amount: Money;
  description: string;
  channel: Channel;
  payer: PayerAttributes;
  expiresAt?: Date | undefined;
}>;

/** Who asks, and when. */
export type Asking = Readonly<{
  paymentId: PaymentId;
  platform: PlatformId;
  payerKey: PayerKey;
  now: Date;
  businessTime?: Date | undefined;
}>;

export type RequestRefusal = Readonly<{
  code: 'amount_not_positive' | 'expires_too_soon' | 'expires_too_late';
}>;

const SECOND_MS = 1_000;
const SHORTEST_MS = 5 * SECOND_MS;
const LONGEST_MS = 7 * 24 * 3_600 * SECOND_MS;
const USUAL_MS = 15 * 60 * SECOND_MS;

/** A new payment with the event that tells routing of it, the payer's attributes frozen in it. */
export function requestPayment(
  order: Order,
  { paymentId, platform, payerKey, now, businessTime }: Asking,
): Result<Readonly<{ payment: Requested; event: PaymentRequested }>, RequestRefusal> {
  const { payer, expiresAt = new Date(now.getTime() + USUAL_MS), ...asked } = order;
  const livesMs = expiresAt.getTime() - now.getTime();
  if (asked.amount.minor <= 0n) return refuse({ code: 'amount_not_positive' });
  if (livesMs < SHORTEST_MS) return refuse({ code: 'expires_too_soon' });
  if (livesMs > LONGEST_MS) return refuse({ code: 'expires_too_late' });
  const { orderReference, ...shared } = asked;
  const known = { ...shared, platform, payerKey, requestedAt: now, expiresAt };
  return ok({
    payment: { ...known, status: 'requested', id: paymentId, orderReference, businessTime },
    event: { ...known, type: 'payment.requested', paymentId, payer },
  });
}
