import type { PaymentOutcome } from '@hutong/domain-events';
import type { PaymentView } from '../see-payment/payment-view.wire.js';

/** What a webhook carries: the payment as `GET` shows it, and which of its outcomes this is. */
export type WebhookBody = PaymentView &
  Readonly<{
    type: PaymentOutcome['type'];
    /** When it happened, RFC 3339. */
    timestamp: string;
    /** 1, 2, … of this payment at this endpoint. */
    sequence: number;
  }>;

export const webhookBody = (
  { type, occurredAt }: Pick<PaymentOutcome, 'type' | 'occurredAt'>,
  payment: PaymentView,
  sequence: number,
): WebhookBody => ({ type, timestamp: occurredAt.toISOString(), sequence, ...payment });
