export { type Action } from './action.js';
export {
  paymentCloseRequested,
  type PaymentCloseRequested,
} from './checkout-payments/payment-close-requested.js';
export {
  paymentMethodSelected,
  type PaymentMethodSelected,
} from './checkout-payments/payment-method-selected.js';
export {
  paymentRefundRequested,
  type PaymentRefundRequested,
} from './checkout-payments/payment-refund-requested.js';
export {
  paymentRequested,
  type PaymentRequested,
  type PayerAttributes,
} from './checkout-payments/payment-requested.js';
export { attemptAccepted, type AttemptAccepted } from './routing-decisions/attempt-accepted.js';
export { attemptRefused, type AttemptRefused } from './routing-decisions/attempt-refused.js';
export {
  paymentNotOffered,
  type PaymentNotOffered,
} from './routing-decisions/payment-not-offered.js';
export { paymentOffered, type PaymentOffered } from './routing-decisions/payment-offered.js';
export {
  attemptCloseRequested,
  type AttemptCloseRequested,
} from './gateway-commands/attempt-close-requested.js';
export { attemptRequested, type AttemptRequested } from './gateway-commands/attempt-requested.js';
export { refundRequested, type RefundRequested } from './gateway-commands/refund-requested.js';
export {
  attemptAwaitingPayer,
  type AttemptAwaitingPayer,
} from './gateway-reports/attempt-awaiting-payer.js';
export { attemptClosed, type AttemptClosed } from './gateway-reports/attempt-closed.js';
export { attemptFailed, type AttemptFailed } from './gateway-reports/attempt-failed.js';
export { attemptSucceeded, type AttemptSucceeded } from './gateway-reports/attempt-succeeded.js';
export { attemptUnknown, type AttemptUnknown } from './gateway-reports/attempt-unknown.js';
export { refundFailed, type RefundFailed } from './gateway-reports/refund-failed.js';
export { refundPending, type RefundPending } from './gateway-reports/refund-pending.js';
export { refundSucceeded, type RefundSucceeded } from './gateway-reports/refund-succeeded.js';
export {
  paymentAttemptClosed,
  type PaymentAttemptClosed,
} from './payment-outcomes/payment-attempt-closed.js';
export {
  paymentAttemptFailed,
  type PaymentAttemptFailed,
} from './payment-outcomes/payment-attempt-failed.js';
export { paymentClosed, type PaymentClosed } from './payment-outcomes/payment-closed.js';
export { paymentPaid, type PaymentPaid } from './payment-outcomes/payment-paid.js';
export {
  paymentRefundFailed,
  type PaymentRefundFailed,
} from './payment-outcomes/payment-refund-failed.js';
export { paymentRefunded, type PaymentRefunded } from './payment-outcomes/payment-refunded.js';
export {
  paymentSurplusRefunded,
  type PaymentSurplusRefunded,
} from './payment-outcomes/payment-surplus-refunded.js';
export {
  paymentSurplusTaken,
  type PaymentSurplusTaken,
} from './payment-outcomes/payment-surplus-taken.js';
export { billAvailable, type BillAvailable } from './provider-bills/bill-available.js';
export { type OfferedMethod, type RefusedMethod } from './routing-decisions/offer-wire.js';
export { type AttemptFacts, type PaymentFacts } from './payment-outcomes/facts.js';
export {
  brokerRightsOf,
  lagReadersRights,
  repairersRights,
  type BrokerRight,
} from './broker-rights.js';
export {
  allTopicNames,
  catalogue,
  definitions,
  INBOX_RETENTION_DAYS,
  LOCAL_PARTITIONS,
  MAX_BATCH_BYTES,
  PARKED_MAX_BATCH_BYTES,
  PARKED_RETENTION_DAYS,
  parkedTopic,
  parkedTopics,
  type ParkedTopicSpec,
  type TopicSpec,
} from './catalogue.js';
export { describeWire, type WireField } from './describe-wire.js';
export { defineEvent, type EventDefinition } from './define-event.js';
export type * from './domain-event.js';
export {
  CONTENT_TYPE,
  decodeEnvelope,
  describeEnvelope,
  encodeEnvelope,
  envelopeSchema,
  keyOf,
  type Envelope,
} from './envelope.js';
export {
  attemptId,
  bankCode,
  eventId,
  idPatterns,
  isId,
  merchantId,
  payerKey,
  paymentId,
  platformId,
  providerRef,
  refundId,
  type AttemptId,
  type BankCode,
  type EventId,
  type MerchantId,
  type PayerKey,
  type PaymentId,
  type PlatformId,
  type ProviderRef,
  type RefundId,
} from './ids.js';
export {
  isInstrument,
  isPresentation,
  isProvider,
  methodText,
  parseMethod,
  PRESENTATIONS,
  PROVIDERS,
  sameMethod,
  type Instrument,
  type Method,
  type MethodRefusal,
  type Presentation,
  type Provider,
} from './method.js';
export {
  ANSWERS,
  CHANNELS,
  CLOSE_REASONS,
  FAILURE_REASONS,
  SURPLUS_REASONS,
  type Answer,
  type Channel,
  type CloseReason,
  type FailureReason,
  type SurplusReason,
} from './reasons.js';
export {
  CHECKOUT_PAYMENTS,
  GATEWAY_ALIPAY,
  GATEWAY_REPORTS,
  GATEWAY_UNIONPAY,
  GATEWAY_WECHAT,
  gatewayService,
  gatewayTopic,
  PAYMENT_OUTCOMES,
  PROVIDER_BILLS,
  ROUTING_DECISIONS,
  SERVICES,
  type Service,
  type Topic,
  type TopicEvents,
} from './topics.js';
export { Versions } from './versions.js';
export { type DecodeRefusal } from './wire-reader.js';
export { wireSchema, type JsonSchema, type ObjectSchema } from './wire-schema.js';
export { mintAttemptId, mintEventId, mintPaymentId, mintRefundId } from './mint.js';
