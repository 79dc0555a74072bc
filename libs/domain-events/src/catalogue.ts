import { paymentCloseRequested } from './checkout-payments/payment-close-requested.js';
import { paymentMethodSelected } from './checkout-payments/payment-method-selected.js';
import { paymentRefundRequested } from './checkout-payments/payment-refund-requested.js';
import { paymentRequested } from './checkout-payments/payment-requested.js';
import type { EventDefinition } from './define-event.js';
import type { DomainEvent } from './domain-event.js';
import { attemptCloseRequested } from './gateway-commands/attempt-close-requested.js';
import { attemptRequested } from './gateway-commands/attempt-requested.js';
import { refundRequested } from './gateway-commands/refund-requested.js';
import { attemptAwaitingPayer } from './gateway-reports/attempt-awaiting-payer.js';
import { attemptClosed } from './gateway-reports/attempt-closed.js';
import { attemptFailed } from './gateway-reports/attempt-failed.js';
import { attemptSucceeded } from './gateway-reports/attempt-succeeded.js';
import { attemptUnknown } from './gateway-reports/attempt-unknown.js';
import { refundFailed } from './gateway-reports/refund-failed.js';
import { refundPending } from './gateway-reports/refund-pending.js';
import { refundSucceeded } from './gateway-reports/refund-succeeded.js';
import { PROVIDERS, type Provider } from './method.js';
import { paymentAttemptClosed } from './payment-outcomes/payment-attempt-closed.js';
import { paymentAttemptFailed } from './payment-outcomes/payment-attempt-failed.js';
import { paymentClosed } from './payment-outcomes/payment-closed.js';
import { paymentPaid } from './payment-outcomes/payment-paid.js';
import { paymentRefundFailed } from './payment-outcomes/payment-refund-failed.js';
import { paymentRefunded } from './payment-outcomes/payment-refunded.js';
import { paymentSurplusRefunded } from './payment-outcomes/payment-surplus-refunded.js';
import { paymentSurplusTaken } from './payment-outcomes/payment-surplus-taken.js';
import { billAvailable } from './provider-bills/bill-available.js';
import { attemptAccepted } from './routing-decisions/attempt-accepted.js';
import { attemptRefused } from './routing-decisions/attempt-refused.js';
import { paymentNotOffered } from './routing-decisions/payment-not-offered.js';
import { paymentOffered } from './routing-decisions/payment-offered.js';
import {
  CHECKOUT_PAYMENTS,
  GATEWAY_REPORTS,
  gatewayService,
  gatewayTopic,
  PAYMENT_OUTCOMES,
  PROVIDER_BILLS,
  ROUTING_DECISIONS,
  type Service,
  type Topic,
  type TopicEvents,
} from './topics.js';

/** The definition of every event type: a type that is missing here does not compile. */
export const definitions: {
  readonly [T in DomainEvent['type']]: EventDefinition<Extract<DomainEvent, { type: T }>>;
} = {
  'payment.requested': paymentRequested,
  'payment.method_selected': paymentMethodSelected,
  'payment.close_requested': paymentCloseRequested,
  'payment.refund_requested': paymentRefundRequested,
  'payment.offered': paymentOffered,
  'payment.not_offered': paymentNotOffered,
  'attempt.accepted': attemptAccepted,
  'attempt.refused': attemptRefused,
  'attempt.requested': attemptRequested,
  'attempt.close_requested': attemptCloseRequested,
  'refund.requested': refundRequested,
  'attempt.awaiting_payer': attemptAwaitingPayer,
  'attempt.succeeded': attemptSucceeded,
  'attempt.failed': attemptFailed,
  'attempt.closed': attemptClosed,
  'attempt.unknown': attemptUnknown,
  'refund.pending': refundPending,
  'refund.succeeded': refundSucceeded,
  'refund.failed': refundFailed,
  'payment.paid': paymentPaid,
  'payment.attempt_failed': paymentAttemptFailed,
  'payment.attempt_closed': paymentAttemptClosed,
  'payment.closed': paymentClosed,
  'payment.refunded': paymentRefunded,
  'payment.refund_failed': paymentRefundFailed,
  'payment.surplus_taken': paymentSurplusTaken,
  'payment.surplus_refunded': paymentSurplusRefunded,
  'bill.available': billAvailable,
};

/** One topic: the one source for code, local topics, ACLs, manifests and docs. */
export type TopicSpec<T extends Topic = Topic> = Readonly<{
  name: T;
  /** One sentence for the generated catalogue. */
  about: string;
  key: 'payment id' | 'provider and day';
  carries: readonly TopicEvents[T]['type'][];
  producedBy: readonly Service[];
  heardBy: readonly Service[];
  /** Topic and rights are there already, and nobody writes or hears it yet. */
  planned?: true;
  /** In production; local topics take `LOCAL_PARTITIONS`. Grows only with a migration: it re-keys. */
  partitions: number;
  retentionDays: number;
}>;

/** Partitions of every topic in tests and on a laptop. */
export const LOCAL_PARTITIONS = 3;
/** How long an inbox remembers an event id: longer than topics keep events, redrive included. */
export const INBOX_RETENTION_DAYS = 45;
/** How long a parked record waits for its redrive. */
export const PARKED_RETENTION_DAYS = 30;
/** What the broker takes at once, with all that Kafka writes around it. A record is always less. */
export const MAX_BATCH_BYTES = 1_048_588;
/** Parked, a record also says where it came from and why: the longest one must fit all the same. */
export const PARKED_MAX_BATCH_BYTES = MAX_BATCH_BYTES + 64 * 1024;

const gateways = PROVIDERS.map((provider) => gatewayService[provider]);
const RETENTION_DAYS = 14;
const MONEY_TOPIC = {
  key: 'payment id',
  partitions: 24,
  retentionDays: RETENTION_DAYS,
} as const;

/** Compiles only with events that `TopicEvents` has for the topic. */
const topic = <T extends Topic>(spec: TopicSpec<T>): TopicSpec => spec;

const commandTopic = (provider: Provider): TopicSpec =>
  topic({
    ...MONEY_TOPIC,
    name: gatewayTopic[provider],
    about: `What routing commands the ${provider} gateway to do.`,
    carries: ['attempt.requested', 'attempt.close_requested', 'refund.requested'],
    producedBy: ['routing'],
    heardBy: [gatewayService[provider]],
  });

export const catalogue: readonly TopicSpec[] = [
  topic({
    ...MONEY_TOPIC,
    name: CHECKOUT_PAYMENTS,
    about: 'What was asked of Hutong.',
    carries: [
      'payment.requested',
      'payment.method_selected',
      'payment.close_requested',
      'payment.refund_requested',
    ],
    producedBy: ['checkout'],
    heardBy: ['routing'],
  }),
  topic({
    ...MONEY_TOPIC,
    name: ROUTING_DECISIONS,
    about: 'What may be offered, and whether a choice still holds.',
    carries: ['payment.offered', 'payment.not_offered', 'attempt.accepted', 'attempt.refused'],
    producedBy: ['routing'],
    heardBy: ['checkout'],
  }),
  ...PROVIDERS.map(commandTopic),
  topic({
    ...MONEY_TOPIC,
    name: GATEWAY_REPORTS,
    about: 'What a gateway learned from its provider.',
    carries: [
      'attempt.awaiting_payer',
      'attempt.succeeded',
      'attempt.failed',
      'attempt.closed',
      'attempt.unknown',
      'refund.pending',
      'refund.succeeded',
      'refund.failed',
    ],
    producedBy: gateways,
    heardBy: ['checkout', 'routing'],
  }),
  topic({
    ...MONEY_TOPIC,
    name: PAYMENT_OUTCOMES,
    about: 'What became of a payment.',
    carries: [
      'payment.paid',
      'payment.attempt_failed',
      'payment.attempt_closed',
      'payment.closed',
      'payment.refunded',
      'payment.refund_failed',
      'payment.surplus_taken',
      'payment.surplus_refunded',
    ],
    producedBy: ['checkout'],
    heardBy: ['ledger'],
  }),
  topic({
    name: PROVIDER_BILLS,
    about: "A provider's bill of one day lies ready at its gateway.",
    key: 'provider and day',
    carries: ['bill.available'],
    producedBy: gateways,
    heardBy: ['ledger'],
    planned: true,
    // A few a day: three let it be heard by three ledgers, and more would only cost.
    partitions: 3,
    retentionDays: RETENTION_DAYS,
  }),
];

/** Where a consumer group sets aside what it cannot handle: `gateway.reports.checkout.parked`. */
export const parkedTopic = (topic: Topic, group: Service): string => `${topic}.${group}.parked`;

/** A topic of records that one consumer group set aside, until they are redriven. */
export type ParkedTopicSpec = Readonly<{
  name: string;
  /** Whose consumer group writes it, and whose redrive command reads it. */
  group: Service;
  /** As many as the topic it comes from, so that a record keeps its partition. */
  partitions: number;
  retentionDays: number;
}>;

export const parkedTopics = (): ParkedTopicSpec[] =>
  catalogue.flatMap(({ name, heardBy, partitions }) =>
    heardBy.map((group) => ({
      name: parkedTopic(name, group),
      group,
      partitions,
      retentionDays: PARKED_RETENTION_DAYS,
    })),
  );

/** Every topic name there is, the parked ones of each consumer group included. */
export const allTopicNames = (): string[] =>
  [...catalogue, ...parkedTopics()].map((topic) => topic.name);
