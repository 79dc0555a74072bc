import type { PaymentCloseRequested } from './checkout-payments/payment-close-requested.js';
import type { PaymentMethodSelected } from './checkout-payments/payment-method-selected.js';
import type { PaymentRefundRequested } from './checkout-payments/payment-refund-requested.js';
import type { PaymentRequested } from './checkout-payments/payment-requested.js';
import type { AttemptCloseRequested } from './gateway-commands/attempt-close-requested.js';
import type { AttemptRequested } from './gateway-commands/attempt-requested.js';
import type { RefundRequested } from './gateway-commands/refund-requested.js';
import type { AttemptAwaitingPayer } from './gateway-reports/attempt-awaiting-payer.js';
import type { AttemptClosed } from './gateway-reports/attempt-closed.js';
import type { AttemptFailed } from './gateway-reports/attempt-failed.js';
import type { AttemptSucceeded } from './gateway-reports/attempt-succeeded.js';
import type { AttemptUnknown } from './gateway-reports/attempt-unknown.js';
import type { RefundFailed } from './gateway-reports/refund-failed.js';
import type { RefundPending } from './gateway-reports/refund-pending.js';
import type { RefundSucceeded } from './gateway-reports/refund-succeeded.js';
import type { PaymentAttemptClosed } from './payment-outcomes/payment-attempt-closed.js';
import type { PaymentAttemptFailed } from './payment-outcomes/payment-attempt-failed.js';
import type { PaymentClosed } from './payment-outcomes/payment-closed.js';
import type { PaymentPaid } from './payment-outcomes/payment-paid.js';
import type { PaymentRefundFailed } from './payment-outcomes/payment-refund-failed.js';
import type { PaymentRefunded } from './payment-outcomes/payment-refunded.js';
import type { PaymentSurplusRefunded } from './payment-outcomes/payment-surplus-refunded.js';
import type { PaymentSurplusTaken } from './payment-outcomes/payment-surplus-taken.js';
import type { BillAvailable } from './provider-bills/bill-available.js';
import type { AttemptAccepted } from './routing-decisions/attempt-accepted.js';
import type { AttemptRefused } from './routing-decisions/attempt-refused.js';
import type { PaymentNotOffered } from './routing-decisions/payment-not-offered.js';
import type { PaymentOffered } from './routing-decisions/payment-offered.js';

/** What checkout asks of routing. */
export type CheckoutPayment =
  PaymentRequested | PaymentMethodSelected | PaymentCloseRequested | PaymentRefundRequested;

/** What routing answers checkout. */
export type RoutingDecision = PaymentOffered | PaymentNotOffered | AttemptAccepted | AttemptRefused;

/** What routing commands one gateway to do. */
export type GatewayCommand = AttemptRequested | AttemptCloseRequested | RefundRequested;

/** What a gateway learned from its provider of an attempt. */
export type AttemptReported =
  AttemptAwaitingPayer | AttemptSucceeded | AttemptFailed | AttemptClosed | AttemptUnknown;

/** What a gateway learned from its provider of a refund. */
export type RefundReported = RefundPending | RefundSucceeded | RefundFailed;

export type GatewayReport = AttemptReported | RefundReported;

/** What became of a payment, as checkout decided. */
export type PaymentOutcome =
  | PaymentPaid
  | PaymentAttemptFailed
  | PaymentAttemptClosed
  | PaymentClosed
  | PaymentRefunded
  | PaymentRefundFailed
  | PaymentSurplusTaken
  | PaymentSurplusRefunded;

/** Every event of the ring that is about a payment and keyed by it. */
export type PaymentEvent =
  CheckoutPayment | RoutingDecision | GatewayCommand | GatewayReport | PaymentOutcome;

/** Every event there is. */
export type DomainEvent = PaymentEvent | BillAvailable;
