import type { DomainEvent } from '@hutong/domain-events';
import * as checkout from './checkout-payments.js';
import * as commands from './gateway-commands.js';
import * as reports from './gateway-reports.js';
import * as outcomes from './payment-outcomes.js';
import * as bills from './provider-bills.js';
import * as routing from './routing-decisions.js';

/** A builder for every event there is, by type: for specs that hold for all of them. */
export const builders: {
  readonly [T in DomainEvent['type']]: () => Extract<DomainEvent, { type: T }>;
} = {
  'payment.requested': checkout.aPaymentRequested,
  'payment.method_selected': checkout.aMethodSelected,
  'payment.close_requested': checkout.aCloseRequested,
  'payment.refund_requested': checkout.aPaymentRefundRequested,
  'payment.offered': routing.aPaymentOffered,
  'payment.not_offered': routing.aPaymentNotOffered,
  'attempt.accepted': routing.anAttemptAccepted,
  'attempt.refused': routing.anAttemptRefused,
  'attempt.requested': commands.anAttemptRequested,
  'attempt.close_requested': commands.anAttemptCloseRequested,
  'refund.requested': commands.aRefundRequested,
  'attempt.awaiting_payer': reports.anAttemptAwaitingPayer,
  'attempt.succeeded': reports.anAttemptSucceeded,
  'attempt.failed': reports.anAttemptFailed,
  'attempt.closed': reports.anAttemptClosed,
  'attempt.unknown': reports.anAttemptUnknown,
  'refund.pending': reports.aRefundPending,
  'refund.succeeded': reports.aRefundSucceeded,
  'refund.failed': reports.aRefundFailed,
  'payment.paid': outcomes.aPaymentPaid,
  'payment.attempt_failed': outcomes.aPaymentAttemptFailed,
  'payment.attempt_closed': outcomes.aPaymentAttemptClosed,
  'payment.closed': outcomes.aPaymentClosed,
  'payment.refunded': outcomes.aPaymentRefunded,
  'payment.refund_failed': outcomes.aPaymentRefundFailed,
  'payment.surplus_taken': outcomes.aSurplusTaken,
  'payment.surplus_refunded': outcomes.aSurplusRefunded,
  'bill.available': bills.aBillAvailable,
};
