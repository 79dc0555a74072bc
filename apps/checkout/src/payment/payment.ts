import type {
  AttemptId,
  Channel,
  Instrument,
  MerchantId,
  PayerKey,
  PaymentId,
  PaymentNotOffered,
  PaymentOffered,
  PlatformId,
  Provider,
  ProviderRef,
  SurplusReason,
} from '@hutong/domain-events';
import type { Money } from '@hutong/money';
import type { Attempt } from './attempt.js';

/** What was asked for. It never changes. */
export type Terms = Readonly<{
  id: PaymentId;
  platform: PlatformId;
  merchantId: MerchantId;
  /** The platform's own order number, unique per platform and merchant. */
  orderReference: string;
  amount: Money;
  description: string;
  channel: Channel;
  payerKey: PayerKey;
  requestedAt: Date;
  expiresAt: Date;
  /** Only in the story: goes with everything that is announced of this payment. */
  businessTime?: Date | undefined;
}>;

/** Routing's answer to what may be offered: the newest of them, by its number. */
export type Decision = PaymentOffered | PaymentNotOffered;

/** Money that a provider took, as its verified report says. */
export type Receipt = Readonly<{
  attemptId: AttemptId;
  provider: Provider;
  /** Whose app paid: known only with the money. */
  instrument: Instrument;
  providerRef: ProviderRef;
  amount: Money;
  paidAt: Date;
}>;

/** Money that is not the payment's, and on its way back. */
export type Surplus = Receipt & Readonly<{ status: 'taken'; reason: SurplusReason }>;

/** A payment that routing has answered: from here on there may be attempts, and money. */
export type Decided = Terms &
  Readonly<{
    decision: Decision;
    /** In the order in which they were chosen. Several may be open. */
    attempts: readonly Attempt[];
    surplus: readonly Surplus[];
  }>;

export type Requested = Terms & Readonly<{ status: 'requested' }>;
/** No way to pay, and no attempt that ever reached a provider: the order may be asked for anew. */
export type NotOffered = Decided & Readonly<{ status: 'not_offered' }>;
export type Offered = Decided & Readonly<{ status: 'offered' }>;
/** At least one attempt may take money. */
export type Paying = Decided & Readonly<{ status: 'paying' }>;
/** `receipt` is the winner: the first money of the asked amount. */
export type Paid = Decided & Readonly<{ status: 'paid'; receipt: Receipt }>;

export type Payment = Requested | NotOffered | Offered | Paying | Paid;

/** A payment that may have attempts and money. */
export type DecidedPayment = Exclude<Payment, Requested>;
