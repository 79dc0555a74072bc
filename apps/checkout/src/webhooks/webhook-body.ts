import type { PaymentOutcome } from '@hutong/domain-events';
import type { PaymentView } from '../see-payment/payment-view.wire.js';
import type { WebhookView } from './webhook-body.wire.js';

/** What of an outcome its webhook says beside the payment. */
export type ToldOutcome = Pick<PaymentOutcome, 'type' | 'occurredAt'>;

/** @param payment as `GET` shows it once the outcome is saved. */
export const webhookBody = (
  { type, occurredAt }: ToldOutcome,
  payment: PaymentView,
  sequence: number,
): WebhookView => ({ type, timestamp: occurredAt.toISOString(), sequence, ...payment });
